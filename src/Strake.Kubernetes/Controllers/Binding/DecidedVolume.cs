using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Binding;

/// <summary>A decision on a volume, with what it was made on: only that may be overwritten.</summary>
/// <param name="Stored">The volume as the store had it.</param>
/// <param name="Volume">The same, read.</param>
/// <param name="Decision">What is to be done.</param>
sealed record DecidedVolume(StoredObject Stored, PersistentVolume Volume, VolumeDecision Decision)
{
    /// <summary>The write of the volume as it shall be.</summary>
    public ObjectWrite Write(PersistentVolume after) => new(Stored.Id, Stored.Revision, VolumeDocument.With(Stored.Document, Volume, after));
}
