using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Roles and who has them: four kinds that differ only in where they hold.</summary>
public static class RoleKinds
{
    const string ApiGroup = "rbac.authorization.k8s.io";

    static readonly Column s_created = new("Created At", "date", "When it was created.", static (item, _) => item.TextAt("metadata", "creationTimestamp") ?? "");

    /// <summary>What may be done.</summary>
    public static ResourceKind ClusterRole { get; } = new()
    {
        Group = ApiGroup, Kind = "ClusterRole", Plural = "clusterroles", CheckName = ObjectNames.CheckPathSegment,
        Describe = static () => RoleSchema.ClusterRole, Columns = [Columns.Name, s_created],
    };

    /// <summary>What may be done in a namespace.</summary>
    public static ResourceKind Role { get; } = new()
    {
        Group = ApiGroup, Kind = "Role", Plural = "roles", IsNamespaced = true, CheckName = ObjectNames.CheckPathSegment,
        Describe = static () => RoleSchema.Role, Columns = [Columns.Name, s_created],
    };

    /// <summary>Who has a role everywhere.</summary>
    public static ResourceKind ClusterRoleBinding { get; } = new()
    {
        Group = ApiGroup, Kind = "ClusterRoleBinding", Plural = "clusterrolebindings", CheckName = ObjectNames.CheckPathSegment,
        Describe = static () => RoleSchema.ClusterRoleBinding, Validate = ValidateBinding, Columns = BindingColumns,
    };

    /// <summary>Who has a role in a namespace.</summary>
    public static ResourceKind RoleBinding { get; } = new()
    {
        Group = ApiGroup, Kind = "RoleBinding", Plural = "rolebindings", IsNamespaced = true, CheckName = ObjectNames.CheckPathSegment,
        Describe = static () => RoleSchema.RoleBinding, Validate = ValidateBinding, Columns = BindingColumns,
    };

    static Column[] BindingColumns =>
    [
        Columns.Name,
        Columns.Text("Role", "The role.", static item => $"{item.TextAt("roleRef", "kind")}/{item.TextAt("roleRef", "name")}"),
        Columns.Age,
        Columns.Text("Users", "Users who have it.", static item => Subjects(item, "User")).Wide(),
        Columns.Text("Groups", "Groups that have it.", static item => Subjects(item, "Group")).Wide(),
        Columns.Text("ServiceAccounts", "Accounts that have it.", static item => Subjects(item, "ServiceAccount")).Wide(),
    ];

    static string Subjects(JsonElement item, string kind) => string.Join(
        ", ", item.ItemsAt("subjects").Where(subject => subject.TextAt("kind") == kind)
            .Select(static subject => subject.TextAt("namespace") is { Length: > 0 } home ? $"{home}/{subject.TextAt("name")}" : subject.TextAt("name")));

    static void ValidateBinding(JsonObject document, JsonObject? old, FaultList faults)
    {
        if (old is not null && !JsonNode.DeepEquals(document["roleRef"], old["roleRef"]))
            faults.Add(Fault.Invalid("roleRef", document["roleRef"]?.ToJsonString() ?? "null", "cannot change roleRef"));
    }
}
