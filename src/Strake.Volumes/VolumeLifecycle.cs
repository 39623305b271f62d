using Microsoft.Win32.SafeHandles;
using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>
/// The steps of a volume's life, each written down before its effect and again after it. The caller sees to it that one
/// step at a time works on a volume. Once the intent is written there is no way back by cancellation: the driver's work
/// is finished or undone.
/// </summary>
sealed class VolumeLifecycle(VolumeRecords records, AttachmentLedger ledger, Func<string, IVolumeDriver> driverOf)
{
    const string FillHolder = "fill";

    /// <summary>
    /// A volume that can be used, whatever its record says. No step is under way now, so a record that says otherwise is of a step that
    /// failed, and its end could not be recorded. Used as it is, the volume would be removed by the next start, with all that its users
    /// wrote by then, or get the rest of a copy among what they wrote.
    /// </summary>
    /// <exception cref="StrakeException">Conflict: a removal did not finish.</exception>
    public async Task<Versioned<VolumeRecord>> ReadyAsync(VolumeName name, Versioned<VolumeRecord> record, CancellationToken cancellationToken) =>
        record.Value.State switch
        {
            VolumeState.Ready => record,

            // Observed: nobody has used it yet.
            VolumeState.Promised => await KeepPromiseAsync(name, record),

            // Observed: the creation failed, and so did taking it back. Its maker was told so; the next one makes it.
            VolumeState.Creating => await MakeAsync(name, record),

            // Observed: the end of the filling could not be recorded, or did not come.
            VolumeState.Filling => await SettleFillingAsync(name, record, cancellationToken),

            // Observed: the size was asked for, and perhaps not reached.
            VolumeState.Resizing => await SettleResizingAsync(name, record, cancellationToken),

            // Observed: a snapshot was to be made or put back, and perhaps was.
            VolumeState.Copying => await SettleCopyingAsync(name, record),

            // Observed: it was to have this name, and its driver perhaps has it under the old one.
            VolumeState.Renaming => await SettleRenamingAsync(name, record),

            // Observed: only its makers' way of naming leads here.
            VolumeState.Trashed => throw StrakeException.Conflict($"volume {name} is in the trash; take it out (strake volume restore {record.Value.Trash?.Name})"),

            // Observed: the removal has begun, and perhaps half of the content is gone.
            VolumeState.Removing => throw StrakeException.Conflict(
                $"volume {name}: an earlier removal did not finish; remove it again (docker volume rm {name})"),

            _ => throw StrakeException.DataLoss($"volume {name} is recorded in the unknown state {record.Value.State}"),
        };

    /// <summary>From a record in state Creating to a volume in state Ready, or to nothing.</summary>
    /// <param name="name">The new volume.</param>
    /// <param name="creating">Its record.</param>
    /// <param name="make">What makes it; null: its driver, empty.</param>
    public async Task<Versioned<VolumeRecord>> MakeAsync(VolumeName name, Versioned<VolumeRecord> creating, Func<Task>? make = null)
    {
        try
        {
            FaultPoint.Reach("volume.create.before");
            await (make?.Invoke() ?? driverOf(creating.Value.Driver).CreateAsync(name, creating.Value.Options, CancellationToken.None));
            FaultPoint.Reach("volume.create.after");
            return await records.WriteAsync(
                name, creating.Value with { State = VolumeState.Ready }, creating.Revision, Durability.Synced, CancellationToken.None);
        }
        catch
        {
            await TakeBackAsync(name, creating);
            throw;
        }
    }

    /// <summary>A volume for whoever does not want its content yet: as <see cref="ReadyAsync"/>, but one that was promised stays so.</summary>
    public async Task<Versioned<VolumeRecord>> ThereAsync(VolumeName name, Versioned<VolumeRecord> record, CancellationToken cancellationToken) =>
        record.Value.State is VolumeState.Promised ? record : await ReadyAsync(name, record, cancellationToken);

    /// <summary>
    /// Makes a volume by its record alone, which is all that a power cut leaves of it, and all that is needed: one commit, and no other wait for the disk.
    /// </summary>
    public async Task PromiseAsync(
        VolumeName name, VolumeRecord record, IDeferringVolumeDriver driver, Attachment? attachment, CancellationToken cancellationToken)
    {
        Versioned<VolumeRecord> promised = await records.WriteAsync(
            name, record with { State = VolumeState.Promised }, revision: 0, Durability.Synced, cancellationToken, attachment);
        try
        {
            FaultPoint.Reach("volume.promise.before");
            driver.Place(name, record.Options);
            FaultPoint.Reach("volume.promise.after");
        }
        catch
        {
            await TakeBackAsync(name, promised);
            throw;
        }
    }

    // Eventual: promised still, it is made once more, of what is there.
    async Task<Versioned<VolumeRecord>> KeepPromiseAsync(VolumeName name, Versioned<VolumeRecord> promised)
    {
        FaultPoint.Reach("volume.keep.before");
        await driverOf(promised.Value.Driver).CreateAsync(name, promised.Value.Options, CancellationToken.None);
        FaultPoint.Reach("volume.keep.after");
        return await records.WriteAsync(
            name, promised.Value with { State = VolumeState.Ready }, promised.Revision, Durability.Eventual, CancellationToken.None);
    }

    /// <summary>Removes what a creation has left, its maker's attachment too.</summary>
    public async Task TakeBackAsync(VolumeName name, Versioned<VolumeRecord> creating)
    {
        foreach (VolumeUse use in await ledger.OfAsync(name, CancellationToken.None))
            creating = await records.DetachAsync(name, creating, use.Attachment.Holder, CancellationToken.None);
        if (driverOf(creating.Value.Driver) is ISharedVolumeDriver)
            // Under a name that others can know it may be theirs, and whether it was made is not known: it is the driver's then, as it was before.
            await records.DeleteAsync(name, creating.Revision, CancellationToken.None);
        else
            await RemoveAsync(name, creating, CancellationToken.None);
    }

    /// <summary>Removes a volume that nobody uses.</summary>
    public async Task RemoveAsync(VolumeName name, Versioned<VolumeRecord> record, CancellationToken cancellationToken)
    {
        // Synced: were the intent lost in a power cut but the removal not, a Ready volume would be there without its content.
        Versioned<VolumeRecord> removing = await records.WriteAsync(
            name, record.Value with { State = VolumeState.Removing }, record.Revision, Durability.Synced, cancellationToken);
        var deferring = driverOf(record.Value.Driver) as IDeferringVolumeDriver;
        try
        {
            FaultPoint.Reach("volume.remove.before");
            await (deferring?.TakeAwayAsync(name, CancellationToken.None) ?? driverOf(record.Value.Driver).RemoveAsync(name, CancellationToken.None));
            FaultPoint.Reach("volume.remove.after");
        }
        catch (StrakeException refused) when (record.Value.State is VolumeState.Ready or VolumeState.Promised
            && (refused.Kind is ErrorKind.InUse || driverOf(record.Value.Driver) is IDistantVolumeDriver))
        {
            // Nothing was removed: the driver looks before it begins. Of one at a distance its driver knows, and is asked at each use.
            await records.WriteAsync(name, record.Value, removing.Revision, Durability.Synced, CancellationToken.None);
            throw;
        }

        if (deferring is null)
            await records.DeleteAsync(name, removing.Revision, CancellationToken.None);
        else
            await records.Removed.AddAsync(removing.Id, removing.Revision, deferring);
    }

    /// <summary>Gives a volume another size.</summary>
    public async Task<Versioned<VolumeRecord>> ResizeAsync(
        VolumeName name, Versioned<VolumeRecord> record, string size, CancellationToken cancellationToken)
    {
        FaultPoint.Reach("volume.resize.before");
        var options = new Dictionary<string, string>(record.Value.Options) { ["size"] = size };
        Versioned<VolumeRecord> resizing = await records.WriteAsync(
            name, record.Value with { Options = options, State = VolumeState.Resizing }, record.Revision, Durability.Synced, cancellationToken);
        FaultPoint.Reach("volume.resize.recorded");
        try
        {
            await driverOf(record.Value.Driver).ResizeAsync(name, size, CancellationToken.None);
        }
        catch
        {
            await records.WriteAsync(name, record.Value, resizing.Revision, Durability.Eventual, CancellationToken.None);
            throw;
        }

        FaultPoint.Reach("volume.resize.after");
        return await records.WriteAsync(name, resizing.Value with { State = VolumeState.Ready }, resizing.Revision, Durability.Synced, CancellationToken.None);
    }

    /// <summary>Ends a resizing that was cut short: the volume has the new size then, or its record says which it has.</summary>
    public async Task<Versioned<VolumeRecord>> SettleResizingAsync(
        VolumeName name, Versioned<VolumeRecord> resizing, CancellationToken cancellationToken)
    {
        IVolumeDriver driver = driverOf(resizing.Value.Driver);
        VolumeRecord settled = resizing.Value with { State = VolumeState.Ready };
        try
        {
            await driver.ResizeAsync(name, resizing.Value.Options["size"], cancellationToken);
        }
        catch (StrakeException refused) when (refused.Kind is not ErrorKind.DataLoss)
        {
            // Nobody was told that it has the new size, and it is whole with the one that it has.
            settled = settled with { Options = driver.OptionsOf(name) };
        }

        return await records.WriteAsync(name, settled, resizing.Revision, Durability.Synced, CancellationToken.None);
    }

    /// <summary>Works on a volume's copies; a restart settles what this leaves undone.</summary>
    public async Task<Versioned<VolumeRecord>> CopyAsync(
        VolumeName name, Versioned<VolumeRecord> record, CancellationToken cancellationToken, Func<ICopyingVolumeDriver, Task> work)
    {
        ICopyingVolumeDriver driver = CopierOf(record.Value.Driver);
        Versioned<VolumeRecord> copying = await records.WriteAsync(
            name, record.Value with { State = VolumeState.Copying }, record.Revision, Durability.Synced, cancellationToken);
        FaultPoint.Reach("volume.copying.recorded");
        try
        {
            await work(driver);
        }
        finally
        {
            // After a failure too: half a copy goes at once, and where that fails it is tried again by the next use.
            copying = await SettleCopyingAsync(name, copying);
        }

        return copying;
    }

    /// <summary>Ends work on a volume's copies that was cut short.</summary>
    public async Task<Versioned<VolumeRecord>> SettleCopyingAsync(VolumeName name, Versioned<VolumeRecord> copying)
    {
        ICopyingVolumeDriver driver = CopierOf(copying.Value.Driver);
        await driver.SettleAsync(name);
        FaultPoint.Reach("volume.copying.settled");
        // A rollback gives back the options too.
        return await records.WriteAsync(
            name,
            copying.Value with { State = VolumeState.Ready, Options = driver.OptionsOf(name) },
            copying.Revision,
            Durability.Synced,
            CancellationToken.None);
    }

    /// <summary>The driver of that name, where it keeps copies.</summary>
    /// <exception cref="StrakeException">NotSupported: it does not.</exception>
    public ICopyingVolumeDriver CopierOf(string driver) => driverOf(driver) as ICopyingVolumeDriver
        ?? throw StrakeException.NotSupported($"the driver {driver} keeps no snapshots or clones of its volumes, and gives them no other name");

    /// <summary>Gives a volume another name, and a record that says what it is then.</summary>
    public async Task<Versioned<VolumeRecord>> RenameAsync(
        VolumeName from, Versioned<VolumeRecord> record, VolumeName to, TrashRecord? trash, CancellationToken cancellationToken)
    {
        CopierOf(record.Value.Driver);
        Versioned<VolumeRecord> renaming = await records.MoveAsync(
            from, record, to, record.Value with { State = VolumeState.Renaming, RenamedFrom = from.ToString(), Trash = trash }, cancellationToken);
        FaultPoint.Reach("volume.renaming.recorded");
        return await SettleRenamingAsync(to, renaming);
    }

    /// <summary>Goes on with a renaming that was cut short.</summary>
    public async Task<Versioned<VolumeRecord>> SettleRenamingAsync(VolumeName name, Versioned<VolumeRecord> renaming)
    {
        if (renaming.Value.RenamedFrom is { } from)
            await CopierOf(renaming.Value.Driver).RenameAsync(VolumeName.Parse(from), name);
        FaultPoint.Reach("volume.renaming.renamed");
        VolumeState state = renaming.Value.Trash is null ? VolumeState.Ready : VolumeState.Trashed;
        return await records.WriteAsync(
            name, renaming.Value with { State = state, RenamedFrom = null }, renaming.Revision, Durability.Synced, CancellationToken.None);
    }

    /// <summary>Copies a directory into an empty volume.</summary>
    /// <returns>False when the volume has content already.</returns>
    public async Task<bool> FillAsync(
        VolumeName name, Versioned<VolumeRecord> record, SafeFileHandle source, CancellationToken cancellationToken)
    {
        bool filled = false;
        if (!driverOf(record.Value.Driver).TakesFiles(name))
            return false;
        await WithContentAsync(name, record, cancellationToken, async content =>
        {
            if (!content.IsEmpty())
                return;
            // Synced: were it lost in a power cut, nobody would look for the rest of a copy that was half moved in.
            Versioned<VolumeRecord> filling = await records.WriteAsync(
                name,
                record.Value with { State = VolumeState.Filling },
                record.Revision,
                VolumeContent.IsEmpty(source) ? Durability.Eventual : Durability.Synced,
                cancellationToken);
            FaultPoint.Reach("volume.fill.before");
            filled = await FillAsync(content, source, filling);
        });
        return filled;

        async Task<bool> FillAsync(VolumeContent content, SafeFileHandle from, Versioned<VolumeRecord> filling)
        {
            bool copied;
            try
            {
                copied = content.FillFrom(from);
                FaultPoint.Reach("volume.fill.after");
            }
            catch
            {
                // Where that fails too, the record stays as it is: the next use or start sees to it.
                content.Settle();
                await ReadyAgainAsync(name, filling);
                throw;
            }

            await ReadyAgainAsync(name, filling);
            return copied;
        }
    }

    /// <summary>Ends a filling that was cut short: the volume has all of the copy then, or nothing of it.</summary>
    public async Task<Versioned<VolumeRecord>> SettleFillingAsync(
        VolumeName name, Versioned<VolumeRecord> filling, CancellationToken cancellationToken)
    {
        Versioned<VolumeRecord> settled = filling;
        await WithContentAsync(name, filling, cancellationToken, async content =>
        {
            content.Settle();
            settled = await ReadyAgainAsync(name, filling);
        });
        return settled;
    }

    // Eventual: whoever uses the content commits a record of its own after it.
    Task<Versioned<VolumeRecord>> ReadyAgainAsync(VolumeName name, Versioned<VolumeRecord> filling) => records.WriteAsync(
        name, filling.Value with { State = VolumeState.Ready }, filling.Revision, Durability.Eventual, CancellationToken.None);

    async Task WithContentAsync(
        VolumeName name, Versioned<VolumeRecord> record, CancellationToken cancellationToken, Func<VolumeContent, Task> work)
    {
        IVolumeDriver driver = driverOf(record.Value.Driver);
        string path = await driver.MountAsync(name, FillHolder, cancellationToken);
        try
        {
            using VolumeContent content = VolumeContent.Open(path, driver.StagingOf(name));
            await work(content);
        }
        finally
        {
            await driver.UnmountAsync(name, FillHolder, CancellationToken.None);
        }
    }
}
