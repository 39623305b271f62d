using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Binding;

public sealed class BindingPropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_users_and_crashes_do_claims_and_volumes_come_to_rest_one_to_one(int seed)
    {
        const int Steps = 25_000;
        const int StepsBetweenRests = 100;
        var world = new BindingWorld(seed);
        for (int step = 1; step <= Steps; step++)
        {
            world.Step();
            if (step % StepsBetweenRests != 0) continue;
            world.Settle();
            AssertOneToOne(world);
        }
    }

    static void AssertOneToOne(BindingWorld world)
    {
        foreach (IGrouping<string, Claim> sharers in world.Claims.Where(static claim => claim.Phase is ClaimPhase.Bound).GroupBy(static claim => claim.VolumeName))
            Assert.Single(sharers);
        foreach (Claim claim in world.Claims) AssertAtRest(world, claim);
        Assert.Equal(world.Volumes.All.Where(static volume => volume.Provisioner is not null).Select(static volume => volume.Name).Order(), world.Storage.Order());
        foreach (PersistentVolume volume in world.Volumes.All.Where(static volume => volume.Phase is VolumePhase.Bound))
        {
            Claim claim = Assert.Single(world.Claims, claim => claim.Metadata.Uid == volume.ClaimReference!.Uid);
            Assert.True(claim.VolumeName == volume.Name || claim.VolumeName.Length == 0, $"{volume} is bound to {claim}, which has another");
        }
    }

    static void AssertAtRest(BindingWorld world, Claim claim)
    {
        switch (claim.Phase)
        {
            case ClaimPhase.Bound:
                PersistentVolume volume = world.Volumes.Find(claim.VolumeName)!;
                Assert.Equal(claim.Metadata.Uid, volume.ClaimReference!.Uid);
                Assert.Equal(VolumePhase.Bound, volume.Phase);
                break;
            case ClaimPhase.Pending:
                Assert.NotEqual("", Assert.IsType<ClaimDecision.Wait>(world.DecisionFor(claim)).Reason);
                break;
            case ClaimPhase.Lost:
                Assert.IsType<ClaimDecision.Nothing>(world.DecisionFor(claim));
                break;
            default:
                Assert.Fail($"no phase: {claim.Phase}");
                break;
        }
    }
}
