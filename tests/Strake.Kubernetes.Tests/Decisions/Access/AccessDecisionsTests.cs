using Strake.Kubernetes.Decisions.Access;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Access;

public sealed class AccessDecisionsTests
{
    static readonly VolumeHolder s_pod = new("pod default/a", "node");
    static readonly VolumeHolder s_container = new("container 4f2a", "node");
    static readonly VolumeHolder s_far = new("pod default/far", "other");

    [Fact]
    public void Once_means_one_node_and_as_many_users_there_as_like()
    {
        Assert.IsType<AccessDecision.Allow>(AccessDecisions.Decide(AccessModes.ReadWriteOnce, [s_pod], s_container));
        Assert.Equal(new AccessDecision.Refuse("Volume is already exclusively attached to one node and can't be attached to another"),
            AccessDecisions.Decide(AccessModes.ReadWriteOnce, [s_pod], s_far));
    }

    [Fact]
    public void Once_a_pod_means_one_user_be_it_a_pod_or_a_container()
    {
        Assert.IsType<AccessDecision.Allow>(AccessDecisions.Decide(AccessModes.ReadWriteOncePod, [], s_pod));
        Assert.IsType<AccessDecision.Allow>(AccessDecisions.Decide(AccessModes.ReadWriteOncePod, [s_pod], s_pod));
        Assert.Equal(new AccessDecision.Refuse("volume uses the ReadWriteOncePod access mode and is already in use by another pod"),
            AccessDecisions.Decide(AccessModes.ReadWriteOncePod, [s_pod], s_container));
        Assert.Equal(new AccessDecision.Refuse("volume uses the ReadWriteOncePod access mode and is already in use by container 4f2a"),
            AccessDecisions.Decide(AccessModes.ReadWriteOncePod, [s_container], s_pod));
    }

    [Fact]
    public void Many_means_many()
    {
        Assert.IsType<AccessDecision.Allow>(AccessDecisions.Decide(AccessModes.ReadWriteMany, [s_pod], s_far));
        Assert.IsType<AccessDecision.AllowReading>(AccessDecisions.Decide(AccessModes.ReadOnlyMany, [s_pod], s_far));
        Assert.IsType<AccessDecision.Allow>(AccessDecisions.Decide(AccessModes.ReadOnlyMany, [s_pod], s_far with { ReadOnly = true }));
        Assert.IsType<AccessDecision.Refuse>(AccessDecisions.Decide(AccessModes.None, [], s_pod));
    }

    [Theory]
    [InlineData(AccessModes.ReadWriteOnce, false, CsiAccessMode.SingleNodeWriter)]
    [InlineData(AccessModes.ReadWriteOnce, true, CsiAccessMode.SingleNodeMultiWriter)]
    [InlineData(AccessModes.ReadWriteOncePod, false, CsiAccessMode.SingleNodeWriter)]
    [InlineData(AccessModes.ReadWriteOncePod, true, CsiAccessMode.SingleNodeSingleWriter)]
    [InlineData(AccessModes.ReadOnlyMany, true, CsiAccessMode.MultiNodeReaderOnly)]
    [InlineData(AccessModes.ReadWriteMany | AccessModes.ReadWriteOnce, true, CsiAccessMode.MultiNodeMultiWriter)]
    public void A_driver_is_told_the_mode_in_its_words(AccessModes modes, bool knows, CsiAccessMode expected) => Assert.Equal(expected, CsiAccess.Of(modes, knows));

    [Theory]
    [InlineData(AccessModes.None)]
    [InlineData(AccessModes.ReadWriteOnce | AccessModes.ReadOnlyMany)]
    [InlineData(AccessModes.ReadWriteOncePod | AccessModes.ReadWriteOnce)]
    public void Modes_that_a_driver_cannot_be_told_together_are_refused(AccessModes modes) => Assert.Throws<StrakeException>(() => CsiAccess.Of(modes, true));
}
