using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Says who may do what: masters everything, others what the roles that they are bound to allow (RBAC), everybody a look at the version.</summary>
/// <param name="objects">Where roles and bindings are.</param>
sealed class AccessRules(ObjectStore objects)
{
    // What system:public-info-viewer allows everybody; the rest of the discovery needs a name.
    static readonly string[] s_public = ["/version", "/version/", "/healthz", "/livez", "/readyz"];
    static readonly string[] s_discovery = ["/api", "/apis", "/openapi"];
    static readonly string[] s_selfReviews = ["selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews"];

    /// <summary>Refuses what the asker may not do.</summary>
    /// <exception cref="StatusException">Forbidden.</exception>
    public async ValueTask CheckAsync(KubernetesExchange exchange)
    {
        if (exchange.User.IsMaster) return;
        var request = AccessRequest.Of(exchange);
        if (!await IsAllowedAsync(exchange.User, request, exchange.Aborted)) throw Refuse(exchange.User, request);
    }

    /// <summary>As whom a user acts: as himself, or as whom the request names, if he may (<c>kubectl --as</c>).</summary>
    /// <exception cref="StatusException">Forbidden: he may not.</exception>
    public async ValueTask<UserIdentity> ActingAsync(HttpContext http, UserIdentity user)
    {
        string name = http.Request.Headers["Impersonate-User"].ToString();
        string[] groups = [.. http.Request.Headers["Impersonate-Group"].OfType<string>()];
        if (name.Length == 0 && groups.Length == 0) return user;
        if (name.Length == 0) throw StatusException.BadRequest("requested groups without impersonating a user");
        foreach (AccessRequest request in (AccessRequest[])[Impersonation("users", name), .. groups.Select(static group => Impersonation("groups", group))])
            if (!await IsAllowedAsync(user, request, http.RequestAborted)) throw Refuse(user, request);
        return name.StartsWith(UserIdentity.ServiceAccountPrefix, StringComparison.Ordinal) && groups.Length == 0
            ? UserIdentity.OfServiceAccount(name)
            : UserIdentity.Of(name, groups);
    }

    static AccessRequest Impersonation(string resource, string name) => new("impersonate", "", resource, "", name, "");

    /// <summary>Whether a user may do something.</summary>
    public async ValueTask<bool> IsAllowedAsync(UserIdentity user, AccessRequest request, CancellationToken cancellationToken)
    {
        if (user.IsMaster) return true;
        if (request.Resource.Length == 0 && request.Verb is "get" or "head" && IsOpen(user, request.Path)) return true;
        if (user != UserIdentity.Anonymous && request is { Verb: "create" } && s_selfReviews.Contains(request.Resource)) return true;
        await foreach (JsonElement rule in RulesAsync(user, request.Namespace, cancellationToken))
            if (Allows(rule, request)) return true;
        return false;
    }

    /// <summary>Looks for a rule that allows more than a user may do: who writes roles gives away no more than he has.</summary>
    /// <param name="user">The user.</param>
    /// <param name="rules">The rules that he wants to give.</param>
    /// <param name="inNamespace">Where they are to hold; empty: everywhere.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The first rule that is not covered by the user's own; null: all are.</returns>
    public async ValueTask<JsonElement?> FindUncoveredAsync(UserIdentity user, IEnumerable<JsonElement> rules, string inNamespace, CancellationToken cancellationToken)
    {
        List<JsonElement> own = [];
        await foreach (JsonElement rule in RulesAsync(user, inNamespace, cancellationToken)) own.Add(rule.Clone());
        int left = MaxCombinations;
        foreach (JsonElement rule in rules)
            if (AccessRequest.AllOf(rule, inNamespace).Any(request => --left < 0 || !own.Any(held => Allows(held, request)))) return rule;
        return null;
    }

    // One that lists thousands of everything is no role, but work.
    const int MaxCombinations = 100_000;

    // What hangs from a rule is good until the next.
    async IAsyncEnumerable<JsonElement> RulesAsync(UserIdentity user, string inNamespace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Those of the namespace are looked for only where the others were not enough.
        foreach (ResourceKind kind in (ResourceKind[])(inNamespace.Length > 0 ? [RoleKinds.ClusterRoleBinding, RoleKinds.RoleBinding] : [RoleKinds.ClusterRoleBinding]))
        {
            foreach (StoredObject binding in (await objects.ListAsync(kind, kind.IsNamespaced ? inNamespace : null, cancellationToken)).Items)
            {
                if (await RoleOfAsync(binding, user, cancellationToken) is not { } role) continue;
                using JsonDocument document = role.Parse();
                foreach (JsonElement rule in document.RootElement.ItemsAt("rules")) yield return rule;
            }
        }
    }

    static bool IsOpen(UserIdentity user, string path) =>
        s_public.Contains(path) || (user != UserIdentity.Anonymous && s_discovery.Any(root => path == root || path.StartsWith(root + "/", StringComparison.Ordinal)));

    async ValueTask<StoredObject?> RoleOfAsync(StoredObject binding, UserIdentity user, CancellationToken cancellationToken)
    {
        using JsonDocument document = binding.Parse();
        if (!document.RootElement.ItemsAt("subjects").Any(subject => Is(subject, user))) return null;
        bool isClusterRole = document.RootElement.TextAt("roleRef", "kind") == "ClusterRole";
        string name = document.RootElement.TextAt("roleRef", "name") ?? "";
        return await objects.FindAsync(
            isClusterRole ? RoleKinds.ClusterRole : RoleKinds.Role, new(isClusterRole ? "" : binding.Name.Namespace, name), cancellationToken);
    }

    static bool Is(JsonElement subject, UserIdentity user) => subject.TextAt("kind") switch
    {
        "User" => subject.TextAt("name") == user.Name,
        "Group" => user.Groups.Contains(subject.TextAt("name") ?? ""),
        "ServiceAccount" => user.Name == $"system:serviceaccount:{subject.TextAt("namespace")}:{subject.TextAt("name")}",
        _ => false,
    };

    static bool Allows(JsonElement rule, AccessRequest request)
    {
        if (!Has(rule, "verbs", request.Verb)) return false;
        if (request.Resource.Length == 0) return rule.ItemsAt("nonResourceURLs").Any(url => Covers(url.GetString() ?? "", request.Path));
        string[] names = [.. rule.ItemsAt("resourceNames").Select(static name => name.GetString() ?? "")];
        return Has(rule, "apiGroups", request.Group) && HasResource(rule, request.Resource) && (names.Length == 0 || names.Contains(request.Name));
    }

    static bool Has(JsonElement rule, string list, string value) => rule.ItemsAt(list).Any(one => one.GetString() is { } text && (text == "*" || text == value));

    // "*/scale" is that subresource of everything.
    static bool HasResource(JsonElement rule, string resource) =>
        Has(rule, "resources", resource) || (resource.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 && Has(rule, "resources", "*" + resource[slash..]));

    static bool Covers(string pattern, string path) =>
        pattern.EndsWith('*') ? path.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == path;

    static StatusException Refuse(UserIdentity user, AccessRequest request)
    {
        if (request.Resource.Length == 0)
            return new(new(403, "Forbidden", $"forbidden: User \"{user.Name}\" cannot {request.Verb} path \"{request.Path}\""));
        string resource = request.Group.Length == 0 ? request.Resource : $"{request.Resource}.{request.Group}";
        string named = request.Name.Length == 0 ? resource : $"{resource} \"{request.Name}\"";
        string where = request.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{request.Namespace}\"";
        return new(new(
            403, "Forbidden", $"{named} is forbidden: User \"{user.Name}\" cannot {request.Verb} resource \"{request.Resource}\" in API group \"{request.Group}\" {where}")
        {
            Name = request.Name, Group = request.Group, Kind = request.Resource,
        });
    }
}
