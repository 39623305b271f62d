using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>The CSI drivers of nodes.</summary>
public static class CsiNodeKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "storage.k8s.io", Kind = "CSINode", Plural = "csinodes",
        Describe = static () => StorageSchema.CSINode,
        Columns = [Columns.Name, Columns.Count("Drivers", "How many drivers the node has.", static item => item.ItemsAt("spec", "drivers").Count()), Columns.Age],
    };
}
