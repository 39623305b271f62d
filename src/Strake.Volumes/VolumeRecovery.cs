using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>What opening the store does about what a kill or a power cut has left.</summary>
sealed class VolumeRecovery(VolumeRecords records, VolumeLifecycle lifecycle, IReadOnlyList<IVolumeDriver> drivers, TimeProvider time)
{
    readonly List<string> findings = [];

    /// <summary>Brings every record to Ready or away, and gives every volume on disk a record.</summary>
    /// <returns>What could not be put right, a sentence each: one such volume must not keep the others from their users.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (Versioned<VolumeRecord> record in await records.ListAsync(Unreadable, cancellationToken))
        {
            known.Add(record.Id);
            await TryAsync(record.Id, name => SettleAsync(name, record, cancellationToken));
        }

        foreach (IVolumeDriver driver in drivers)
        {
            foreach (string name in driver.List().Where(name => !known.Contains(name)))
                await TryAsync(name, parsed => AdoptAsync(parsed, driver, cancellationToken));
        }

        return findings;

        // Its record still names it: it is not adopted under a new one.
        void Unreadable(string id, StrakeException why)
        {
            known.Add(id);
            findings.Add($"volume {id}: {why.Message}");
        }
    }

    async Task TryAsync(string name, Func<VolumeName, Task> work)
    {
        try
        {
            await work(VolumeName.Parse(name));
        }
        catch (Exception failed) when (failed is StrakeException or IOException)
        {
            findings.Add($"volume {name}: what the last run left unfinished cannot be finished yet: {failed.Message}");
        }
    }

    Task SettleAsync(VolumeName name, Versioned<VolumeRecord> record, CancellationToken cancellationToken) => record.Value.State switch
    {
        // Observed: made, and perhaps used.
        VolumeState.Ready => Task.CompletedTask,

        // Observed: nobody was told of it yet.
        VolumeState.Creating => lifecycle.TakeBackAsync(name, record),

        // Observed: the copy may be half made, or half moved in.
        VolumeState.Filling => lifecycle.SettleFillingAsync(name, record, cancellationToken),

        // Observed: the removal was decided and may have begun.
        VolumeState.Removing => lifecycle.RemoveAsync(name, record, cancellationToken),

        _ => throw StrakeException.DataLoss($"volume {name} is recorded in the unknown state {record.Value.State}"),
    };

    // Such a directory may hold somebody's data: copied here from another machine, or older than a lost database. A user
    // can remove it; nobody could bring it back.
    async Task AdoptAsync(VolumeName name, IVolumeDriver driver, CancellationToken cancellationToken)
    {
        var none = new Dictionary<string, string>();
        var record = new VolumeRecord(driver.Name, none, none, time.GetUtcNow(), VolumeState.Ready);
        await driver.CreateAsync(name, none, cancellationToken);
        await records.WriteAsync(name, record, revision: 0, Durability.Synced, cancellationToken);
    }
}
