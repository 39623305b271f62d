using Strake.Kubernetes.Decisions.Protection;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Protection;

public sealed class ProtectionDecisionsTests
{
    static readonly Claim s_protected = Protected(Given.Claim());
    static readonly Claim s_going = Given.Deleted(s_protected);

    [Fact]
    public void A_claim_is_protected_from_its_beginning()
    {
        Assert.Equal(new ProtectionDecision.Protect([VolumeFinalizers.ClaimProtection]), ProtectionDecisions.Decide(Given.Claim(), []));
        Assert.IsType<ProtectionDecision.Nothing>(ProtectionDecisions.Decide(s_protected, []));
    }

    [Fact]
    public void A_claim_goes_when_no_pod_uses_it()
    {
        Assert.Equal(new ProtectionDecision.Hold("used by a, b"), ProtectionDecisions.Decide(s_going, [Given.Pod("a", "claim"), Given.Pod("b", "claim"), Given.Pod("c", "other")]));
        Assert.Equal(new ProtectionDecision.LetGo([]), ProtectionDecisions.Decide(s_going, [Given.Pod("c", "other")]));
        Assert.IsType<ProtectionDecision.Nothing>(ProtectionDecisions.Decide(Given.Deleted(Given.Claim()), []));
    }

    [Fact]
    public void A_pod_that_has_ended_uses_its_claim_still_and_one_without_a_node_not_yet()
    {
        Assert.True(ProtectionDecisions.Uses(Given.Pod("a", "claim") with { Phase = PodPhase.Succeeded }, s_going));
        Assert.False(ProtectionDecisions.Uses(Given.Pod("a", "claim") with { NodeName = "" }, s_going));
        PodUse elsewhere = Given.Pod("a", "claim");
        Assert.False(ProtectionDecisions.Uses(elsewhere with { Metadata = elsewhere.Metadata with { Namespace = "other" } }, s_going));
    }

    [Fact]
    public void A_pods_own_claim_goes_with_the_pod()
    {
        PodUse pod = Given.Pod("web") with { Volumes = [new PodVolume("d", "web-d", IsEphemeral: true)] };
        Claim own = Given.Claim("web-d") with { Metadata = Given.Meta("web-d") with { Owners = [new OwnerReference("v1", "Pod", "web", pod.Metadata.Uid, true)] } };
        Assert.True(ProtectionDecisions.Uses(pod, own));
        Assert.False(ProtectionDecisions.Uses(pod, Given.Claim("web-d")));
        Assert.False(ProtectionDecisions.Uses(pod with { Metadata = pod.Metadata with { DeletedAt = Given.Noon, DeletionGraceSeconds = 0 } }, own));
    }

    [Fact]
    public void A_volume_goes_when_no_claim_is_bound_to_it()
    {
        PersistentVolume volume = Given.Volume() with { Metadata = Given.Meta("volume", "") with { Finalizers = ["x", VolumeFinalizers.VolumeProtection], DeletedAt = Given.Noon } };
        Assert.Equal(new ProtectionDecision.LetGo(["x"]), ProtectionDecisions.Decide(volume));
        Assert.Equal(new ProtectionDecision.Hold("bound to claim default/claim"), ProtectionDecisions.Decide(volume.BoundTo(Given.Claim())));
        Assert.Equal(new ProtectionDecision.LetGo(["x"]), ProtectionDecisions.Decide(volume.BoundTo(Given.Claim()) with { Phase = VolumePhase.Released }));
    }

    static Claim Protected(Claim claim) => claim with { Metadata = claim.Metadata with { Finalizers = [VolumeFinalizers.ClaimProtection] } };
}
