using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes;

/// <summary>The roles that are there from the start, under the names that users of Kubernetes expect.</summary>
/// <remarks>
/// Made where they are missing. One that is there gets the rules that it lacks, as of kinds that are new, unless its annotation
/// <c>rbac.authorization.kubernetes.io/autoupdate</c> says otherwise; nothing is taken from it.
/// </remarks>
/// <param name="objects">Where they are kept.</param>
public sealed class DefaultRoles(ObjectStore objects)
{
    const string AutoUpdate = "rbac.authorization.kubernetes.io/autoupdate";
    const string View = "rbac.authorization.k8s.io/aggregate-to-view";
    const string Edit = "rbac.authorization.k8s.io/aggregate-to-edit";
    const string Admin = "rbac.authorization.k8s.io/aggregate-to-admin";

    static readonly string[] s_look = ["get", "list", "watch"];
    static readonly string[] s_change = ["create", "delete", "deletecollection", "patch", "update"];
    static readonly string[] s_plain = ["configmaps", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods", "pods/status", "pods/log", "serviceaccounts", "services", "services/status"];
    static readonly string[] s_streams = ["pods/attach", "pods/exec", "pods/portforward"];
    static readonly string[] s_limits = ["events", "limitranges", "namespaces", "resourcequotas", "resourcequotas/status"];
    static readonly string[] s_workloads = ["controllerrevisions", "daemonsets", "daemonsets/status", "deployments", "deployments/scale", "deployments/status", "replicasets", "replicasets/scale", "replicasets/status", "statefulsets", "statefulsets/scale", "statefulsets/status"];

    /// <summary>Makes the roles, and the binding of administrators.</summary>
    /// <remarks>Idempotent.</remarks>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        JsonObject all = new() { ["apiGroups"] = Texts("*"), ["resources"] = Texts("*"), ["verbs"] = Texts("*") };
        await EnsureRoleAsync("cluster-admin", [all, new JsonObject { ["nonResourceURLs"] = Texts("*"), ["verbs"] = Texts("*") }], cancellationToken);
        await EnsureRoleAsync("system:aggregate-to-view", [.. Viewing()], cancellationToken, View);
        await EnsureRoleAsync("system:aggregate-to-edit", [.. Editing()], cancellationToken, Edit);
        await EnsureRoleAsync("system:aggregate-to-admin", [Rule("rbac.authorization.k8s.io", ["roles", "rolebindings"], [.. s_look, .. s_change])], cancellationToken, Admin);
        await EnsureGatheredAsync("view", cancellationToken, View);
        await EnsureGatheredAsync("edit", cancellationToken, View, Edit);
        await EnsureGatheredAsync("admin", cancellationToken, View, Edit, Admin);
        await EnsureAsync(RoleKinds.ClusterRoleBinding, new JsonObject
        {
            ["metadata"] = Named("cluster-admin"),
            ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "Group", ["apiGroup"] = "rbac.authorization.k8s.io", ["name"] = "system:masters" }),
            ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = "cluster-admin" },
        }, cancellationToken);
    }

    static IEnumerable<JsonObject> Viewing() =>
        [Rule("", [.. s_plain, .. s_limits], s_look), Rule("apps", s_workloads, s_look), Rule("snapshot.storage.k8s.io", ["volumesnapshots", "volumesnapshots/status"], s_look), Rule(VolumeSourceKind.OwnGroup, ["volumesources"], s_look)];

    // Secrets can be read by who can make a pod that reads them.
    static IEnumerable<JsonObject> Editing() =>
    [
        Rule("", s_plain, s_change), Rule("", s_streams, [.. s_look, .. s_change]), Rule("", ["secrets"], [.. s_look, .. s_change]), Rule("", ["serviceaccounts/token"], ["create"]), Rule("apps", s_workloads, s_change),
        Rule("snapshot.storage.k8s.io", ["volumesnapshots"], s_change), Rule(VolumeSourceKind.OwnGroup, ["volumesources"], s_change),
    ];

    static JsonObject Rule(string group, string[] resources, string[] verbs) =>
        new() { ["apiGroups"] = Texts(group), ["resources"] = Texts(resources), ["verbs"] = Texts(verbs) };

    static JsonObject Named(string name) => new()
    {
        ["name"] = name,
        ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
        ["annotations"] = new JsonObject { [AutoUpdate] = "true" },
    };

    static JsonArray Texts(params string[] texts) => [.. texts.Select(static text => (JsonNode?)JsonValue.Create(text))];

    Task EnsureRoleAsync(string name, JsonObject[] rules, CancellationToken cancellationToken, string? label = null)
    {
        JsonObject metadata = Named(name);
        if (label is not null) metadata["labels"]![label] = "true";
        return EnsureAsync(RoleKinds.ClusterRole, new JsonObject { ["metadata"] = metadata, ["rules"] = new JsonArray([.. rules]) }, cancellationToken);
    }

    // Its rules are those of all roles with one of the labels: who brings along a kind can add to them.
    Task EnsureGatheredAsync(string name, CancellationToken cancellationToken, params string[] labels) => EnsureAsync(RoleKinds.ClusterRole, new JsonObject
    {
        ["metadata"] = Named(name),
        ["aggregationRule"] = new JsonObject
        {
            ["clusterRoleSelectors"] = new JsonArray([.. labels.Select(static label => new JsonObject { ["matchLabels"] = new JsonObject { [label] = "true" } })]),
        },
        ["rules"] = new JsonArray(),
    }, cancellationToken);

    async Task EnsureAsync(ResourceKind kind, JsonObject document, CancellationToken cancellationToken)
    {
        var name = new ObjectName("", new Metadata(document).Name);
        if (await objects.FindAsync(kind, name, cancellationToken) is { } found) await CompleteAsync(found, document, cancellationToken);
        else await objects.CreateAsync(kind, document, isDryRun: false, cancellationToken);
    }

    // Whoever is faster has his way; the next start looks again.
    async Task CompleteAsync(StoredObject found, JsonObject wanted, CancellationToken cancellationToken)
    {
        JsonObject after = found.ToDocument();
        if (after["metadata"]?["annotations"]?[AutoUpdate]?.GetValue<string>() != "true" || wanted["rules"] is not JsonArray rules) return;
        if (after["rules"] is not JsonArray held) after["rules"] = held = [];
        JsonNode?[] missing = [.. rules.Where(rule => !held.Any(one => JsonNode.DeepEquals(one, rule)))];
        if (missing.Length == 0) return;
        foreach (JsonNode? rule in missing) held.Add(rule?.DeepClone());
        await objects.TryWriteAsync([new(found, after)], cancellationToken);
    }
}
