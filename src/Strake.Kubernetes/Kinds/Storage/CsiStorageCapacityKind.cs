using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>How much drivers can still make, and where.</summary>
public static class CsiStorageCapacityKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "storage.k8s.io", Kind = "CSIStorageCapacity", Plural = "csistoragecapacities", IsNamespaced = true,
        Describe = static () => StorageSchema.CSIStorageCapacity,
        Columns = [Columns.Name, Columns.Path("StorageClassName", "The class.", "storageClassName"), Columns.Path("Capacity", "How much there is.", "capacity")],
    };
}
