using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Expansion;

/// <summary>A claim and its volume as a decision was made on them: only that may be overwritten.</summary>
/// <param name="Stored">The claim as the store had it.</param>
/// <param name="Claim">The same, read.</param>
/// <param name="StoredVolume">The volume as the store had it.</param>
/// <param name="Volume">The same, read.</param>
/// <param name="Now">When.</param>
sealed record GrowingClaim(StoredObject Stored, Claim Claim, StoredObject StoredVolume, PersistentVolume Volume, DateTimeOffset Now)
{
    /// <summary>The write of the claim as it shall be.</summary>
    public ObjectWrite Write(Claim after) => new(Stored.Id, Stored.Revision, ClaimDocument.With(Stored.Document, Claim, after, Now));

    /// <summary>The writes of both as they shall be.</summary>
    public IReadOnlyList<ObjectWrite> Write(BindingPair after) =>
        [new ObjectWrite(StoredVolume.Id, StoredVolume.Revision, VolumeDocument.With(StoredVolume.Document, Volume, after.Volume)), Write(after.Claim)];
}
