using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Storage;

/// <summary>What a driver is to make.</summary>
/// <param name="Plan">For whom, of which class.</param>
/// <param name="Volume">The name that it has among the engine's volumes.</param>
sealed record StorageOrder(ProvisionPlan Plan, string Volume)
{
    /// <summary>The snapshot that it begins as, by its handle; null: none.</summary>
    public string? Snapshot { get; init; }

    /// <summary>The engine's volume that it begins as a copy of; null: none.</summary>
    public string? Original { get; init; }

    /// <summary>The files that it begins with; null: none.</summary>
    public VolumeFiles? Files { get; init; }

    /// <summary>Those of its parameters that can be changed later, from the claim's attributes class.</summary>
    public TextMap MutableParameters { get; init; } = TextMap.Empty;

    /// <summary>The labels that tell on Docker's side whose it is.</summary>
    public TextMap Labels { get; } = TextMap.Of(Plan.Parameters.Where(static entry => entry.Key.StartsWith("csi.storage.k8s.io/", StringComparison.Ordinal)))
        .With("csi.storage.k8s.io/pvc/name", Plan.Claim.Metadata.Name)
        .With("csi.storage.k8s.io/pvc/namespace", Plan.Claim.Metadata.Namespace)
        .With("csi.storage.k8s.io/pv/name", Plan.Name);
}
