using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Who writes roles and bindings gives nobody, himself included, more than he has, unless a role allows him to <c>escalate</c> or to <c>bind</c>.</summary>
/// <remarks>Kubernetes, "Using RBAC Authorization", section "Privilege escalation prevention and bootstrapping".</remarks>
/// <param name="objects">Where the roles are.</param>
/// <param name="access">What users have.</param>
/// <param name="user">Who writes.</param>
sealed class GrantRule(ObjectStore objects, AccessRules access, UserIdentity user) : IObjectAdmission
{
    /// <inheritdoc/>
    public ValueTask AdmitAsync(ResourceKind kind, JsonObject document, JsonObject? old, CancellationToken cancellationToken)
    {
        if (user.IsMaster) return ValueTask.CompletedTask;
        if (kind == RoleKinds.Role || kind == RoleKinds.ClusterRole) return AdmitRoleAsync(kind, document, old, cancellationToken);
        return kind == RoleKinds.RoleBinding || kind == RoleKinds.ClusterRoleBinding ? AdmitBindingAsync(kind, document, old, cancellationToken) : ValueTask.CompletedTask;
    }

    async ValueTask AdmitRoleAsync(ResourceKind kind, JsonObject document, JsonObject? old, CancellationToken cancellationToken)
    {
        if (IsUnchanged(document, old, "rules") && IsUnchanged(document, old, "aggregationRule")) return;
        var metadata = new Metadata(document);
        if (await access.IsAllowedAsync(user, new("escalate", kind.Group, kind.Plural, metadata.Namespace, metadata.Name, ""), cancellationToken)) return;
        using JsonDocument wanted = JsonDocument.Parse(document.ToJsonString());
        IEnumerable<JsonElement> rules = wanted.RootElement.ItemsAt("rules");
        // What other roles bring along is not known beforehand: it may be everything.
        if (document["aggregationRule"] is not null) rules = [.. rules, .. s_everything];
        await RequireAsync(kind, metadata, rules, cancellationToken);
    }

    async ValueTask AdmitBindingAsync(ResourceKind kind, JsonObject document, JsonObject? old, CancellationToken cancellationToken)
    {
        if (IsUnchanged(document, old, "subjects") && IsUnchanged(document, old, "roleRef")) return;
        var metadata = new Metadata(document);
        ResourceKind roles = document.TextAt("roleRef", "kind") == "ClusterRole" ? RoleKinds.ClusterRole : RoleKinds.Role;
        string name = document.TextAt("roleRef", "name") ?? "";
        if (await access.IsAllowedAsync(user, new("bind", roles.Group, roles.Plural, metadata.Namespace, name, ""), cancellationToken)) return;
        StoredObject role = await objects.GetAsync(roles, new(roles.IsNamespaced ? metadata.Namespace : "", name), cancellationToken);
        using JsonDocument granted = role.Parse();
        await RequireAsync(kind, metadata, granted.RootElement.ItemsAt("rules"), cancellationToken);
    }

    async ValueTask RequireAsync(ResourceKind kind, Metadata metadata, IEnumerable<JsonElement> rules, CancellationToken cancellationToken)
    {
        if (await access.FindUncoveredAsync(user, rules, metadata.Namespace, cancellationToken) is not { } rule) return;
        string groups = string.Join(' ', user.Groups.Select(static group => $"\"{group}\""));
        throw StatusException.Forbidden(
            kind, metadata.Name, $"user \"{user.Name}\" (groups=[{groups}]) is attempting to grant RBAC permissions not currently held:\n{Told(rule)}");
    }

    // As Kubernetes writes a rule: {APIGroups:[""], Resources:["pods"], Verbs:["get"]}.
    static string Told(JsonElement rule) => "{" + string.Join(
        ", ", s_parts.Where(part => rule.ItemsAt(part.Field).Any()).Select(part => $"{part.Name}:[{string.Join(' ', rule.ItemsAt(part.Field).Select(static text => text.GetRawText()))}]")) + "}";

    static bool IsUnchanged(JsonObject document, JsonObject? old, string field) => old is not null && JsonNode.DeepEquals(document[field], old[field]);

    static readonly (string Name, string Field)[] s_parts =
        [("APIGroups", "apiGroups"), ("Resources", "resources"), ("ResourceNames", "resourceNames"), ("NonResourceURLs", "nonResourceURLs"), ("Verbs", "verbs")];

    static readonly JsonElement[] s_everything =
    [
        JsonElement.Parse("""{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}"""u8),
        JsonElement.Parse("""{"nonResourceURLs":["*"],"verbs":["*"]}"""u8),
    ];
}
