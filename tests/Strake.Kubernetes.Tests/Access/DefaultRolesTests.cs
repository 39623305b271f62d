using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Access;

/// <summary>The roles that are there from the start, on data of an earlier version too.</summary>
public sealed class DefaultRolesTests
{
    const string Role = "system:aggregate-to-view";

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task A_role_gets_what_it_lacks_and_keeps_what_it_has_unless_it_says_no(string autoUpdate, bool grows)
    {
        await using var kube = await OpenAsync();
        var roles = new DefaultRoles(kube.Objects);
        await roles.EnsureAsync(Cancel);
        int all = await RulesAsync(kube);
        StoredObject role = (await kube.Objects.FindAsync(RoleKinds.ClusterRole, new("", Role), Cancel))!;
        JsonObject changed = role.ToDocument();
        changed["metadata"]!["annotations"]!["rbac.authorization.kubernetes.io/autoupdate"] = autoUpdate;
        changed["rules"] = new JsonArray(JsonNode.Parse("""{"apiGroups":["example.com"],"resources":["backups"],"verbs":["get"]}"""));
        await kube.Objects.TryWriteAsync([new(role, changed)], Cancel);
        await roles.EnsureAsync(Cancel);
        Assert.Equal(grows ? all + 1 : 1, await RulesAsync(kube));
        long revision = kube.Objects.Revision;
        await roles.EnsureAsync(Cancel);
        Assert.Equal(revision, kube.Objects.Revision);
    }

    static async Task<int> RulesAsync(KubeFixture kube) => (await kube.GetAsync(RoleKinds.ClusterRole, Role)).ItemsAt("rules").Count();
}
