using Strake.Kubernetes.Records;
using Strake.Volumes;

namespace Strake.Kubernetes.Storage;

/// <summary>
/// Which volume of the engine has the storage of which PersistentVolume. A name is written down before there is anything of that name, so that whatever is made is
/// found again after a crash, and never taken for another claim's.
/// </summary>
/// <remarks>
/// <code>
/// claim-storage/&lt;PersistentVolume&gt;       <see cref="StorageRecord"/>
/// claim-storage-name/&lt;volume&gt;          <see cref="StorageName"/>
/// </code>
/// The two come and go in one transaction.
/// </remarks>
/// <param name="state">Where it is kept.</param>
/// <param name="volumes">The engine's volumes.</param>
/// <param name="served">Those that the built-in driver was asked for.</param>
sealed class StorageBook(IStateStore state, VolumeStore volumes, ServedStorage served)
{
    // What any CSI driver takes for a name.
    const int MostLetters = 128;
    const int UidLetters = 8;

    readonly StateTable<StorageRecord> records = new(state, "claim-storage/", StorageJson.Default.StorageRecord);
    readonly StateTable<StorageName> names = new(state, "claim-storage-name/", StorageJson.Default.StorageName);

    /// <summary>The storage of a PersistentVolume; null when nothing is written down of it.</summary>
    public async ValueTask<StorageRecord?> FindAsync(string persistentVolume, CancellationToken cancellationToken) =>
        (await records.GetAsync(persistentVolume, cancellationToken))?.Value;

    /// <summary>All PersistentVolumes of which something is written down.</summary>
    public async ValueTask<IReadOnlyList<(string PersistentVolume, StorageRecord Record)>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await records.ListAsync(static (_, _) => { }, cancellationToken)).Select(static record => (record.Id, record.Value))];

    /// <summary>The storage of a PersistentVolume; a name is chosen where none was.</summary>
    /// <param name="persistentVolume">The PersistentVolume's name.</param>
    /// <param name="claim">The claim that it is for; its name is what users look for.</param>
    /// <param name="driver">Who has, or will have, the storage.</param>
    /// <param name="isShared">Whether others may have volumes of the driver under the same names.</param>
    /// <param name="isBorrowed">Whether the storage is somebody else's.</param>
    /// <param name="cancellationToken">Honoured until it is written.</param>
    public async Task<StorageRecord> ReserveAsync(
        string persistentVolume, ClaimReference? claim, string driver, bool isShared, bool isBorrowed, CancellationToken cancellationToken)
    {
        foreach (string name in NamesFor(persistentVolume, claim, isShared))
        {
            if (await FindAsync(persistentVolume, cancellationToken) is { } known) return known;
            if (await IsTakenAsync(name, cancellationToken)) continue;
            var record = new StorageRecord(name, driver, isBorrowed);
            // What is made under the name is waited for on disk, and takes this along.
            var transaction = new StateTransaction(Durability.Eventual);
            records.ExpectAbsent(transaction, persistentVolume);
            records.Put(transaction, persistentVolume, record);
            names.ExpectAbsent(transaction, name);
            names.Put(transaction, name, new StorageName(persistentVolume));
            if ((await state.CommitAsync(transaction, cancellationToken)).Succeeded) return record;
        }

        return await FindAsync(persistentVolume, cancellationToken)
            ?? throw StrakeException.Conflict($"every name that the volume {persistentVolume} could have among Docker's volumes is taken");
    }

    /// <summary>Forgets the storage of a PersistentVolume; one of which nothing is written down is forgotten already.</summary>
    public async Task ForgetAsync(string persistentVolume, CancellationToken cancellationToken)
    {
        if (await records.GetAsync(persistentVolume, cancellationToken) is not { } record) return;
        var transaction = new StateTransaction(Durability.Eventual);
        records.Expect(transaction, persistentVolume, record.Revision);
        records.Delete(transaction, persistentVolume);
        names.Delete(transaction, record.Value.Volume);
        await state.CommitAsync(transaction, cancellationToken);
    }

    // Readable first; the last is nobody else's.
    static IEnumerable<string> NamesFor(string persistentVolume, ClaimReference? claim, bool isShared)
    {
        string[] candidates = claim is null
            ? [persistentVolume]
            : [$"{claim.Namespace}.{claim.Name}", $"{claim.Namespace}.{claim.Name}-{claim.Uid[..Math.Min(UidLetters, claim.Uid.Length)]}", persistentVolume];
        return candidates.Skip(isShared && claim is not null ? 1 : 0).Where(static name => name.Length <= MostLetters && VolumeName.TryParse(name, out _));
    }

    async Task<bool> IsTakenAsync(string name, CancellationToken cancellationToken) =>
        await names.GetAsync(name, cancellationToken) is not null
        || await served.IsKnownAsync(name, cancellationToken)
        || await volumes.InspectAsync(name, cancellationToken) is not null;
}
