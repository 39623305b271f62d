namespace Strake.Volumes.Records;

/// <summary>
/// Volumes that are gone, and whose records stay until no power cut can bring the volumes back: one sync of their driver's disk, and one
/// commit, for all that were removed in a second. Whoever asks for such a name has that done at once; a restart does it too, for the records
/// say <see cref="VolumeState.Removing"/>.
/// </summary>
/// <param name="state">The store of the records.</param>
/// <param name="records">The records.</param>
/// <param name="time">The clock of the second.</param>
sealed class RemovedVolumes(IStateStore state, StateTable<VolumeRecord> records, TimeProvider time)
{
    // What a start has to finish after a power cut is bounded by it; a sync costs the same for one and for all.
    const int Most = 512;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    readonly Lock gate = new();
    readonly SemaphoreSlim settling = new(1, 1);
    readonly Dictionary<string, Removed> waiting = new(StringComparer.Ordinal);

    /// <summary>Whether a volume of that name was removed, and its record is still there.</summary>
    public bool Has(string id)
    {
        lock (gate)
            return waiting.Count > 0 && waiting.ContainsKey(id);
    }

    /// <summary>Takes note of a volume that was taken away; its record says so.</summary>
    /// <param name="id">The volume.</param>
    /// <param name="revision">Of its record.</param>
    /// <param name="driver">Who took it away.</param>
    public Task AddAsync(string id, long revision, IDeferringVolumeDriver driver)
    {
        int count;
        lock (gate)
        {
            waiting[id] = new Removed(revision, driver);
            count = waiting.Count;
        }

        if (count == 1)
            _ = SettleSoonAsync();
        return count >= Most ? SettleAsync() : Task.CompletedTask;
    }

    /// <summary>Makes all removals durable, and deletes their records.</summary>
    public async Task SettleAsync()
    {
        await settling.WaitAsync();
        try
        {
            KeyValuePair<string, Removed>[] gone;
            lock (gate)
                gone = [.. waiting];
            if (gone.Length == 0)
                return;
            foreach (IDeferringVolumeDriver driver in gone.Select(static removed => removed.Value.Driver).Distinct())
                driver.SyncRemovals();
            FaultPoint.Reach("volume.removals.synced");
            // One that somebody else has changed does not keep the others.
            if (!await TryDeleteAsync(gone))
            {
                foreach (KeyValuePair<string, Removed> removed in gone)
                    await TryDeleteAsync([removed]);
            }

            lock (gate)
            {
                foreach ((string id, _) in gone)
                    waiting.Remove(id);
            }
        }
        finally
        {
            settling.Release();
        }
    }

    // Eventual: a record that a power cut brings back is of a volume that is gone, and the start deletes it.
    async Task<bool> TryDeleteAsync(IEnumerable<KeyValuePair<string, Removed>> gone)
    {
        var transaction = new StateTransaction(Durability.Eventual);
        foreach ((string id, Removed removed) in gone)
        {
            records.Expect(transaction, id, removed.Revision);
            records.Delete(transaction, id);
        }

        return (await state.CommitAsync(transaction)).Succeeded;
    }

    async Task SettleSoonAsync()
    {
        try
        {
            await Task.Delay(s_patience, time);
            await SettleAsync();
        }
        catch (Exception)
        {
            // Nobody waits for it. Who asks for one of the names next meets what is wrong, and so does the next start.
        }
    }

    readonly record struct Removed(long Revision, IDeferringVolumeDriver Driver);
}
