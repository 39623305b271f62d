using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>A pod's in-tree volume as its driver knows it.</summary>
/// <param name="Name">A name that no other storage has: part of the path where it is staged.</param>
/// <param name="Source">Its storage.</param>
/// <param name="AccessModes">Who may use it at once.</param>
public sealed record InlineVolume(string Name, CsiSource Source, AccessModes AccessModes)
{
    /// <summary>It as a PersistentVolume that is no object: nobody binds it, and it is there as long as pods use it.</summary>
    public PersistentVolume ToVolume() => new()
    {
        Metadata = new Metadata { Name = Name },
        AccessModes = AccessModes,
        Source = new VolumeSource("csi", Source.Driver, Source.Handle) { ReadOnly = Source.ReadOnly },
        Csi = Source,
    };
}
