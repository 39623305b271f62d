using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>What a path names: a resource, one object of it, a part of that; or nothing of the sort.</summary>
/// <param name="Version">The group version; null: the path is no resource's.</param>
/// <param name="Namespace">The namespace; null: none is named.</param>
/// <param name="Resource">The plural; empty: the path ends with the group version.</param>
/// <param name="Name">The object's name; empty: all of them.</param>
/// <param name="Subresource">The part of it; empty: the object itself.</param>
sealed record KubernetesPath(GroupVersion? Version, string? Namespace, string Resource, string Name, string Subresource)
{
    /// <summary>Reads a path, decoded.</summary>
    public static KubernetesPath Parse(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["api", var version, .. var rest] => OfResource(new GroupVersion("", version), rest),
            ["apis", var group, var version, .. var rest] => OfResource(new GroupVersion(group, version), rest),
            _ => new(null, null, "", "", ""),
        };
    }

    // A namespace is an object itself, and its parts are named like the resources inside of it.
    static KubernetesPath OfResource(GroupVersion version, string[] rest) => rest switch
    {
        ["namespaces", var name, "status" or "finalize"] => new(version, null, "namespaces", name, rest[2]),
        ["namespaces", var home, var resource, .. var more] => OfObject(new(version, home, resource, "", ""), more),
        [var resource, .. var more] => OfObject(new(version, null, resource, "", ""), more),
        [] => new(version, null, "", "", ""),
    };

    static KubernetesPath OfObject(KubernetesPath path, string[] more) => more switch
    {
        [] => path,
        [var name] => path with { Name = name },
        [var name, .. var subresource] => path with { Name = name, Subresource = string.Join('/', subresource) },
    };
}
