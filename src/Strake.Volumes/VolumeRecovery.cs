using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>What opening the store does about what a kill or a power cut has left.</summary>
sealed class VolumeRecovery(VolumeContext context)
{
    readonly List<string> findings = [];

    /// <summary>Volumes whose driver has to be asked, which the start does not wait for.</summary>
    public List<VolumeName> Later { get; } = [];

    /// <summary>Brings every record to Ready or away, and gives every volume on disk a record.</summary>
    /// <returns>What could not be put right, a sentence each: one such volume must not keep the others from their users.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (Versioned<VolumeRecord> record in await context.Records.ListAsync(Unreadable, cancellationToken))
        {
            known.Add(record.Id);
            // What its driver still has under the old name is not adopted as a volume of that name.
            if (record.Value.RenamedFrom is { } before)
                known.Add(before);
            await TryAsync(record.Id, name => SettleAsync(name, record, cancellationToken));
        }

        await SettleRemovedAsync();
        foreach (IVolumeDriver driver in context.Drivers.Own)
        {
            foreach (string name in driver.List().Where(name => !known.Contains(name)))
                await TryAsync(name, parsed => AdoptAsync(parsed, driver, cancellationToken));
        }

        foreach (Versioned<VolumeRecord> record in await context.Records.ListAsync(static (_, _) => { }, cancellationToken))
            await TryAsync(record.Id, name => ResumeAsync(name, record, cancellationToken));
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

    // What the ledger says of mounts and what is mounted come to agree: a machine that went down has no mounts, and a daemon that was
    // killed between the one and the other has the other way round.
    async Task ResumeAsync(VolumeName name, Versioned<VolumeRecord> record, CancellationToken cancellationToken)
    {
        if (record.Value.State is not VolumeState.Ready || context.Drivers.Own.FirstOrDefault(driver => driver.Name == record.Value.Driver) is not { } driver)
            return;
        List<string> holders = [.. (await context.Ledger.OfAsync(name, cancellationToken)).Where(static use => use.Mounted).Select(static use => use.Attachment.Holder)];
        if (await driver.ResumeAsync(name, holders, cancellationToken))
            return;
        foreach (string holder in holders)
            record = await context.Records.SetMountedAsync(name, record, holder, mounted: false, cancellationToken);
    }

    Task SettleAsync(VolumeName name, Versioned<VolumeRecord> record, CancellationToken cancellationToken) => record.Value.State switch
    {
        // Observed: the last run did not finish with a volume that somebody else's program has, and that may be slow to answer.
        VolumeState.Filling or VolumeState.Resizing or VolumeState.Copying or VolumeState.Removing when context.Drivers.Get(record.Value.Driver) is IDistantVolumeDriver => Defer(name),

        // Observed: made, and perhaps used.
        VolumeState.Ready => Task.CompletedTask,

        // Observed: answered for, and never used; a power cut may have taken what shows of it.
        VolumeState.Promised => Place(name, record.Value),

        // Observed: nobody was told of it yet.
        VolumeState.Creating => context.Lifecycle.TakeBackAsync(name, record),

        // Observed: the copy may be half made, or half moved in.
        VolumeState.Filling => context.Lifecycle.SettleFillingAsync(name, record, cancellationToken),

        // Observed: the size was asked for, and perhaps not reached.
        VolumeState.Resizing => context.Lifecycle.SettleResizingAsync(name, record, cancellationToken),

        // Observed: a snapshot was to be made or put back, and perhaps was.
        VolumeState.Copying => context.Lifecycle.SettleCopyingAsync(name, record),

        // Observed: its driver perhaps has it under the old name.
        VolumeState.Renaming => context.Lifecycle.SettleRenamingAsync(name, record),

        // Observed: in the trash; who empties that looks at its time.
        VolumeState.Trashed => Task.CompletedTask,

        // Observed: the removal was decided and may have begun.
        VolumeState.Removing => context.Lifecycle.RemoveAsync(name, record, cancellationToken),

        _ => throw StrakeException.DataLoss($"volume {name} is recorded in the unknown state {record.Value.State}"),
    };

    Task Place(VolumeName name, VolumeRecord record)
    {
        (context.Drivers.Get(record.Driver) as IDeferringVolumeDriver ?? throw StrakeException.DataLoss(
            $"it was to be made at its first use, which its driver {record.Driver} does not do; remove it (docker volume rm {name})")).Place(name, record.Options);
        return Task.CompletedTask;
    }

    async Task SettleRemovedAsync()
    {
        try
        {
            await context.Records.Removed.SettleAsync();
        }
        catch (Exception failed) when (failed is StrakeException or IOException)
        {
            findings.Add($"the records of removed volumes cannot be deleted yet: {failed.Message}");
        }
    }

    Task Defer(VolumeName name)
    {
        Later.Add(name);
        return Task.CompletedTask;
    }

    // Such a directory may hold somebody's data: copied here from another machine, or older than a lost database. A user
    // can remove it; nobody could bring it back.
    async Task AdoptAsync(VolumeName name, IVolumeDriver driver, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> options = driver.OptionsOf(name);
        var record = new VolumeRecord(driver.Name, options, new Dictionary<string, string>(), context.Time.GetUtcNow(), VolumeState.Ready);
        await driver.CreateAsync(name, options, cancellationToken);
        await context.Records.WriteAsync(name, record, revision: 0, Durability.Synced, cancellationToken);
    }
}
