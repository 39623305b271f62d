using Strake.Kubernetes.Controllers;
using Strake.Volumes;

namespace Strake.Kubernetes.Storage;

/// <summary>What the storage of claims is made of.</summary>
/// <param name="Volumes">The engine's volumes.</param>
/// <param name="State">Where is kept which of them is whose; the same that their own records are in.</param>
/// <param name="Objects">The objects of the API.</param>
/// <param name="Served">The built-in driver.</param>
/// <param name="SecretFolder">Where drivers find what Secrets say; made when it is needed.</param>
public sealed record StorageOptions(VolumeStore Volumes, IStateStore State, IObjectStore Objects, ServedStorage Served, string SecretFolder)
{
    /// <summary>The CSI drivers of others; null: none.</summary>
    public CsiDrivers? Csi { get; init; }

    /// <summary>Who puts files into new volumes; null: nobody.</summary>
    public IVolumeFiller? Filler { get; init; }
}
