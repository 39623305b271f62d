using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;
using Strake.Volumes;

namespace Strake.Kubernetes.Storage;

/// <summary>
/// Keeps what claims have from being removed under them: a claim holds its volume in the engine's ledger, and says there what its access mode leaves to others.
/// </summary>
/// <param name="volumes">The engine's volumes.</param>
/// <param name="book">Which of them have the storage of claims.</param>
/// <param name="places">The same for volumes that were not made for a claim.</param>
sealed class ClaimHolds(VolumeStore volumes, StorageBook book, StoragePlaces places)
{
    /// <summary>Writes down that a claim has a volume.</summary>
    public Task HoldAsync(string volume, ClaimReference claim, AccessModes modes) => volumes.Uses.AttachAsync(
        volume, new Attachment(HolderOf(claim), "", ReadOnly: false) { Terms = TermsOf(modes) }, CancellationToken.None);

    /// <summary>Ends what claims hold of a volume that is to go.</summary>
    /// <exception cref="StrakeException">InUse: others use it, and nothing was ended.</exception>
    public async Task LetGoAsync(string volume, CancellationToken cancellationToken)
    {
        IReadOnlyList<VolumeUse> uses = await volumes.Uses.OfAsync(volume, cancellationToken);
        string[] others = [.. uses.Where(static use => !ClusterHolder.IsClaim(use.Attachment.Holder)).Select(static use => use.Attachment.HolderId)];
        if (others.Length > 0) throw StrakeException.InUse($"volume {volume} is in use - [{string.Join(", ", others)}]");
        foreach (VolumeUse use in uses) await volumes.Uses.DetachAsync(volume, use.Attachment.Holder, cancellationToken);
    }

    /// <summary>
    /// Brings the ledger to what a PersistentVolume says: bound to a claim, that claim holds its storage; else none does. Of one that is gone, what was borrowed for it
    /// goes too, and so does what is written down of it.
    /// </summary>
    /// <param name="name">The PersistentVolume's name.</param>
    /// <param name="volume">As it is; null: it is gone.</param>
    /// <param name="cancellationToken">Honoured between two steps.</param>
    public async Task FollowAsync(string name, PersistentVolume? volume, CancellationToken cancellationToken)
    {
        StorageRecord? record = await book.FindAsync(name, cancellationToken);
        if (volume is null)
        {
            if (record is not null) await ForgetAsync(name, record, cancellationToken);
            return;
        }

        string? place = record?.Volume ?? StoragePlaces.NameIn(volume);
        if (place is null || await volumes.FindAsync(place, cancellationToken) is null) return;
        ClaimReference? claim = volume is { Phase: VolumePhase.Bound, ClaimReference: { Uid.Length: > 0 } bound } ? bound : null;
        await FollowAsync(place, claim, volume.AccessModes, cancellationToken);
        if (claim is null && record is { IsBorrowed: true }) await places.ReturnAsync(name, record, cancellationToken);
    }

    /// <summary>
    /// After a start: ends what was to end with PersistentVolumes that went while a kill was near. What is made for a claim that there is, is not touched.
    /// </summary>
    /// <param name="objects">Says which volumes and claims there are; asked after the ledger was read, so that what is begun meanwhile counts as there.</param>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    public async Task SweepAsync(
        Func<CancellationToken, Task<(IReadOnlyList<PersistentVolume> Volumes, IReadOnlyList<Claim> Claims)>> objects, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string PersistentVolume, StorageRecord Record)> records = await book.ListAsync(cancellationToken);
        IReadOnlyList<VolumeUse> all = await volumes.Uses.AllAsync(cancellationToken);
        VolumeUse[] uses = [.. all.Where(static use => ClusterHolder.IsClaim(use.Attachment.Holder))];
        HashSet<string> inPods = [.. all.Where(static use => ClusterHolder.PodUidOf(use.Attachment.Holder) is not null).Select(static use => use.Volume)];
        (IReadOnlyList<PersistentVolume> there, IReadOnlyList<Claim> claims) = await objects(cancellationToken);
        HashSet<string> known = [.. there.Select(static volume => volume.Name), .. claims.Select(ProvisionedVolume.NameFor)];
        foreach ((string name, StorageRecord record) in records)
        {
            // What pods borrowed themselves is nobody's claim, and goes with the last of them.
            if (!known.Contains(name) && !(record.IsBorrowed && inPods.Contains(record.Volume)) && await book.FindAsync(name, cancellationToken) == record)
                await ForgetAsync(name, record, cancellationToken);
        }

        HashSet<string> held = [.. records.Select(static item => item.Record.Volume), .. there.Select(StoragePlaces.NameIn).OfType<string>()];
        foreach (VolumeUse use in uses.Where(use => !held.Contains(use.Volume))) await volumes.Uses.DetachAsync(use.Volume, use.Attachment.Holder, cancellationToken);
    }

    async Task FollowAsync(string place, ClaimReference? claim, AccessModes modes, CancellationToken cancellationToken)
    {
        string? holder = claim is null ? null : HolderOf(claim);
        IReadOnlyList<VolumeUse> uses = await volumes.Uses.OfAsync(place, cancellationToken);
        if (claim is not null && !uses.Any(use => use.Attachment.Holder == holder && use.Attachment.Terms == TermsOf(modes))) await HoldAsync(place, claim, modes);
        foreach (VolumeUse use in uses.Where(use => ClusterHolder.IsClaim(use.Attachment.Holder) && use.Attachment.Holder != holder))
            await volumes.Uses.DetachAsync(place, use.Attachment.Holder, cancellationToken);
    }

    // Retained: whoever deleted the PersistentVolume keeps the storage, as a volume of Docker's like any other.
    async Task ForgetAsync(string name, StorageRecord record, CancellationToken cancellationToken)
    {
        if (record.IsBorrowed)
        {
            await places.ReturnAsync(name, record, cancellationToken);
            return;
        }

        foreach (VolumeUse use in await volumes.Uses.OfAsync(record.Volume, cancellationToken))
            if (ClusterHolder.IsClaim(use.Attachment.Holder)) await volumes.Uses.DetachAsync(record.Volume, use.Attachment.Holder, cancellationToken);
        await book.ForgetAsync(name, cancellationToken);
    }

    static string HolderOf(ClaimReference claim) => ClusterHolder.Claim(claim.Namespace, claim.Name);

    static UseTerms TermsOf(AccessModes modes) => modes switch
    {
        _ when modes.Include(AccessModes.ReadWriteOncePod) => UseTerms.OneUser,
        AccessModes.ReadOnlyMany => UseTerms.Readers,
        _ => UseTerms.Shared,
    };
}
