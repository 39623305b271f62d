using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Something that a user wants to do.</summary>
/// <param name="Verb">get, list, watch, create, update, patch, delete, deletecollection; of a path the method in small letters.</param>
/// <param name="Group">The group; empty for the core group.</param>
/// <param name="Resource">The plural, with <c>/subresource</c>; empty: a path.</param>
/// <param name="Namespace">The namespace; empty: none, or all.</param>
/// <param name="Name">The object; empty: none in particular.</param>
/// <param name="Path">The path, where it is no resource's.</param>
sealed record AccessRequest(string Verb, string Group, string Resource, string Namespace, string Name, string Path)
{
    /// <summary>What a request wants to do.</summary>
    public static AccessRequest Of(KubernetesExchange exchange)
    {
        KubernetesPath path = exchange.Path;
        if (path.Version is null || path.Resource.Length == 0)
            return new(exchange.Method.ToLowerInvariant(), "", "", "", "", exchange.Http.Request.Path.Value ?? "");
        string resource = path.Subresource.Length == 0 ? path.Resource : $"{path.Resource}/{path.Subresource}";
        return new(VerbOf(exchange), path.Version.Group, resource, path.Namespace ?? "", path.Name, "");
    }

    /// <summary>All that a rule of a role allows, one by one; where the rule says *, so does the request, which only a rule with * allows.</summary>
    /// <param name="rule">The rule (<c>PolicyRule</c>).</param>
    /// <param name="inNamespace">Where it holds; empty: everywhere.</param>
    public static IEnumerable<AccessRequest> AllOf(JsonElement rule, string inNamespace)
    {
        string[] names = [.. Texts(rule, "resourceNames").DefaultIfEmpty("")];
        foreach (string verb in Texts(rule, "verbs"))
        {
            foreach (string path in Texts(rule, "nonResourceURLs")) yield return new(verb, "", "", "", "", path);
            foreach (string group in Texts(rule, "apiGroups"))
            foreach (string resource in Texts(rule, "resources"))
            foreach (string name in names)
                yield return new(verb, group, resource, inNamespace, name, "");
        }
    }

    static IEnumerable<string> Texts(JsonElement rule, string list) => rule.ItemsAt(list).Select(static text => text.GetString() ?? "");

    static string VerbOf(KubernetesExchange exchange) => (exchange.Method, exchange.Path.Name.Length > 0) switch
    {
        ("GET" or "HEAD", _) when exchange.Flag("watch") => "watch",
        ("GET" or "HEAD", true) => "get",
        ("GET" or "HEAD", false) => "list",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", true) => "delete",
        ("DELETE", false) => "deletecollection",
        _ => exchange.Method.ToLowerInvariant(),
    };
}
