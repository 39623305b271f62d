namespace Strake.Volumes.Records;

/// <summary>Reads and writes the records of volumes and of their uses, the two always in one transaction.</summary>
sealed class VolumeRecords
{
    readonly IStateStore state;
    readonly AttachmentLedger ledger;
    readonly StateTable<VolumeRecord> records;

    public VolumeRecords(IStateStore state, AttachmentLedger ledger, TimeProvider time)
    {
        (this.state, this.ledger) = (state, ledger);
        records = new StateTable<VolumeRecord>(state, "volume/", VolumeJson.Default.VolumeRecord);
        Removed = new RemovedVolumes(state, records, time);
    }

    /// <summary>Volumes that are gone, and whose records are still there.</summary>
    public RemovedVolumes Removed { get; }

    public async ValueTask<Versioned<VolumeRecord>?> FindAsync(VolumeName name, CancellationToken cancellationToken)
    {
        string id = name.ToString();
        if (Removed.Has(id))
            await Removed.SettleAsync();
        return await records.GetAsync(id, cancellationToken);
    }

    public async ValueTask<Versioned<VolumeRecord>> GetAsync(VolumeName name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) ?? throw NoSuchVolume(name.ToString());

    public ValueTask<IReadOnlyList<Versioned<VolumeRecord>>> ListAsync(
        Action<string, StrakeException>? unreadable, CancellationToken cancellationToken) => records.ListAsync(unreadable, cancellationToken);

    /// <summary>Writes a record, and a use with it; the revision says on which view the change was decided (0: no record yet).</summary>
    public async Task<Versioned<VolumeRecord>> WriteAsync(
        VolumeName name,
        VolumeRecord record,
        long revision,
        Durability durability,
        CancellationToken cancellationToken,
        Attachment? attachment = null)
    {
        var transaction = new StateTransaction(durability);
        records.Expect(transaction, name.ToString(), revision);
        records.Put(transaction, name.ToString(), record);
        if (attachment is not null)
            ledger.Put(transaction, name, attachment);
        return new Versioned<VolumeRecord>(name.ToString(), record, await CommitAsync(name, transaction, cancellationToken));
    }

    /// <summary>Ends a use.</summary>
    public async Task<Versioned<VolumeRecord>> DetachAsync(
        VolumeName name, Versioned<VolumeRecord> record, string holder, CancellationToken cancellationToken)
    {
        var transaction = new StateTransaction(Durability.Eventual);
        records.Expect(transaction, name.ToString(), record.Revision);
        records.Put(transaction, name.ToString(), record.Value);
        ledger.Delete(transaction, name, holder);
        return record with { Revision = await CommitAsync(name, transaction, cancellationToken) };
    }

    /// <summary>Writes down that a user has a volume mounted, or has it no more; nothing where it is written down so.</summary>
    public async Task<Versioned<VolumeRecord>> SetMountedAsync(
        VolumeName name, Versioned<VolumeRecord> record, string holder, bool mounted, CancellationToken cancellationToken)
    {
        VolumeUse? use = (await ledger.OfAsync(name, cancellationToken)).FirstOrDefault(use => use.Attachment.Holder == holder);
        if (use is null || use.Mounted == mounted)
            return record;
        var transaction = new StateTransaction(Durability.Eventual);
        records.Expect(transaction, name.ToString(), record.Revision);
        records.Put(transaction, name.ToString(), record.Value);
        ledger.PutMounted(transaction, use, mounted);
        return record with { Revision = await CommitAsync(name, transaction, cancellationToken) };
    }

    /// <summary>Replaces a record by one under another name, in one transaction; nobody uses the volume.</summary>
    public async Task<Versioned<VolumeRecord>> MoveAsync(
        VolumeName from, Versioned<VolumeRecord> record, VolumeName to, VolumeRecord moved, CancellationToken cancellationToken)
    {
        var transaction = new StateTransaction(Durability.Synced);
        records.Expect(transaction, from.ToString(), record.Revision);
        records.Delete(transaction, from.ToString());
        records.Expect(transaction, to.ToString(), 0);
        records.Put(transaction, to.ToString(), moved);
        return new Versioned<VolumeRecord>(to.ToString(), moved, await CommitAsync(from, transaction, cancellationToken));
    }

    /// <summary>Deletes a record whose volume is gone.</summary>
    public async Task DeleteAsync(VolumeName name, long revision, CancellationToken cancellationToken)
    {
        var transaction = new StateTransaction(Durability.Eventual);
        records.Expect(transaction, name.ToString(), revision);
        records.Delete(transaction, name.ToString());
        await CommitAsync(name, transaction, cancellationToken);
    }

    /// <summary>A name by which somebody means a volume that is there.</summary>
    /// <exception cref="StrakeException">NotFound: no volume can have it.</exception>
    public static VolumeName NameOf(string text) => VolumeName.TryParse(text, out VolumeName name) ? name : throw NoSuchVolume(text);

    /// <summary>The error of every operation on a volume that is not there.</summary>
    public static StrakeException NoSuchVolume(string name) => StrakeException.NotFound($"get {name}: no such volume");

    async Task<long> CommitAsync(VolumeName name, StateTransaction transaction, CancellationToken cancellationToken)
    {
        CommitResult result = await state.CommitAsync(transaction, cancellationToken);
        return result.Succeeded
            ? result.Revision
            : throw StrakeException.Conflict($"volume {name} was changed by somebody else meanwhile; try again");
    }
}
