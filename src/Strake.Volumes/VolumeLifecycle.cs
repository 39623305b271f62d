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

            // Observed: the creation failed, and so did taking it back. Its maker was told so; the next one makes it.
            VolumeState.Creating => await MakeAsync(name, record),

            // Observed: the end of the filling could not be recorded, or did not come.
            VolumeState.Filling => await SettleFillingAsync(name, record, cancellationToken),

            // Observed: the removal has begun, and perhaps half of the content is gone.
            VolumeState.Removing => throw StrakeException.Conflict(
                $"volume {name}: an earlier removal did not finish; remove it again (docker volume rm {name})"),

            _ => throw StrakeException.DataLoss($"volume {name} is recorded in the unknown state {record.Value.State}"),
        };

    /// <summary>From a record in state Creating to a volume in state Ready, or to nothing.</summary>
    public async Task<Versioned<VolumeRecord>> MakeAsync(VolumeName name, Versioned<VolumeRecord> creating)
    {
        try
        {
            FaultPoint.Reach("volume.create.before");
            await driverOf(creating.Value.Driver).CreateAsync(name, creating.Value.Options, CancellationToken.None);
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

    /// <summary>Removes what a creation has left, its maker's attachment too.</summary>
    public async Task TakeBackAsync(VolumeName name, Versioned<VolumeRecord> creating)
    {
        foreach (VolumeUse use in await ledger.OfAsync(name, CancellationToken.None))
            creating = await records.DetachAsync(name, creating, use.Attachment.Holder, CancellationToken.None);
        await RemoveAsync(name, creating, CancellationToken.None);
    }

    /// <summary>Removes a volume that nobody uses.</summary>
    public async Task RemoveAsync(VolumeName name, Versioned<VolumeRecord> record, CancellationToken cancellationToken)
    {
        // Synced: were the intent lost in a power cut but the removal not, a Ready volume would be there without its content.
        Versioned<VolumeRecord> removing = await records.WriteAsync(
            name, record.Value with { State = VolumeState.Removing }, record.Revision, Durability.Synced, cancellationToken);
        try
        {
            FaultPoint.Reach("volume.remove.before");
            await driverOf(record.Value.Driver).RemoveAsync(name, CancellationToken.None);
            FaultPoint.Reach("volume.remove.after");
        }
        catch (StrakeException refused) when (refused.Kind is ErrorKind.InUse && record.Value.State is VolumeState.Ready)
        {
            // Nothing was removed: the driver looks before it begins.
            await records.WriteAsync(name, record.Value, removing.Revision, Durability.Synced, CancellationToken.None);
            throw;
        }

        await records.DeleteAsync(name, removing.Revision, CancellationToken.None);
    }

    /// <summary>Copies a directory into an empty volume.</summary>
    /// <returns>False when the volume has content already.</returns>
    public async Task<bool> FillAsync(
        VolumeName name, Versioned<VolumeRecord> record, SafeFileHandle source, CancellationToken cancellationToken)
    {
        bool filled = false;
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
