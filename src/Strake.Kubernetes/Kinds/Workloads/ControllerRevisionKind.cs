using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Former states of a controller's template.</summary>
public static class ControllerRevisionKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "apps", Kind = "ControllerRevision", Plural = "controllerrevisions", IsNamespaced = true,
        Describe = static () => WorkloadSchema.ControllerRevision,
        Columns =
        [
            Columns.Name,
            Columns.Text("Controller", "Whose it is.", static item => item.ItemsAt("metadata", "ownerReferences").Where(static owner => owner.FlagAt("controller") is true)
                .Select(static owner => $"{owner.TextAt("kind")?.ToLowerInvariant()}.{GroupVersion.Parse(owner.TextAt("apiVersion") ?? "").Group}/{owner.TextAt("name")}").FirstOrDefault("<none>")),
            Columns.Count("Revision", "Its number.", static item => item.NumberAt("revision") ?? 0),
            Columns.Age,
        ],
    };
}
