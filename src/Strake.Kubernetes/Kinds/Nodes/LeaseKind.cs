using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Rights that one holder has for a time.</summary>
public static class LeaseKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "coordination.k8s.io", Kind = "Lease", Plural = "leases", IsNamespaced = true,
        Describe = static () => NodeSchema.Lease,
        Columns = [Columns.Name, Columns.Path("Holder", "Who has it.", "spec", "holderIdentity"), Columns.Age],
    };
}
