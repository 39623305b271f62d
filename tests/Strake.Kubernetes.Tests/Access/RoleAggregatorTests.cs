using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Access;

/// <summary>Roles that are gathered from others.</summary>
public sealed class RoleAggregatorTests
{
    [Fact]
    public async Task Who_brings_along_a_kind_adds_to_what_viewers_and_editors_may()
    {
        await using var kube = await OpenAsync();
        await new DefaultRoles(kube.Objects).EnsureAsync(Cancel);
        var aggregator = new RoleAggregator(kube.Objects);
        await aggregator.GatherAsync(Cancel);
        Assert.True(await RulesOfAsync(kube, "edit") > await RulesOfAsync(kube, "view"));
        Assert.True(await RulesOfAsync(kube, "admin") > await RulesOfAsync(kube, "edit"));
        int before = await RulesOfAsync(kube, "admin");
        await kube.CreateAsync(RoleKinds.ClusterRole, """
            {"metadata":{"name":"backups","labels":{"rbac.authorization.k8s.io/aggregate-to-admin":"true"}},"rules":[{"apiGroups":["example.com"],"resources":["backups"],"verbs":["get"]}]}
            """);
        await aggregator.GatherAsync(Cancel);
        Assert.Equal(before + 1, await RulesOfAsync(kube, "admin"));
        long revision = kube.Objects.Revision;
        await aggregator.GatherAsync(Cancel);
        Assert.Equal(revision, kube.Objects.Revision);
    }

    static async Task<int> RulesOfAsync(KubeFixture kube, string name) => (await kube.GetAsync(RoleKinds.ClusterRole, name)).ItemsAt("rules").Count();
}
