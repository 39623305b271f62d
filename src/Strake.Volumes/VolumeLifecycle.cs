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

    /// <summary>From a record in state Creating to a volume in state Ready, or to nothing.</summary>
    public async Task MakeAsync(VolumeName name, Versioned<VolumeRecord> creating)
    {
        try
        {
            FaultPoint.Reach("volume.create.before");
            await driverOf(creating.Value.Driver).CreateAsync(name, creating.Value.Options, CancellationToken.None);
            FaultPoint.Reach("volume.create.after");
            await records.WriteAsync(
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
            Versioned<VolumeRecord> filling = await records.WriteAsync(
                name, record.Value with { State = VolumeState.Filling }, record.Revision, Durability.Eventual, cancellationToken);
            FaultPoint.Reach("volume.fill.before");
            try
            {
                content.CopyFrom(source);
                filled = true;
            }
            catch
            {
                content.Clear();
                throw;
            }
            finally
            {
                FaultPoint.Reach("volume.fill.after");
                await records.WriteAsync(name, record.Value, filling.Revision, Durability.Eventual, CancellationToken.None);
            }
        });
        return filled;
    }

    /// <summary>Empties a volume whose filling was cut short.</summary>
    public Task EmptyAsync(VolumeName name, Versioned<VolumeRecord> filling, CancellationToken cancellationToken) =>
        WithContentAsync(name, filling, cancellationToken, async content =>
        {
            content.Clear();
            await records.WriteAsync(
                name, filling.Value with { State = VolumeState.Ready }, filling.Revision, Durability.Eventual, cancellationToken);
        });

    async Task WithContentAsync(
        VolumeName name, Versioned<VolumeRecord> record, CancellationToken cancellationToken, Func<VolumeContent, Task> work)
    {
        IVolumeDriver driver = driverOf(record.Value.Driver);
        string path = await driver.MountAsync(name, FillHolder, cancellationToken);
        try
        {
            using VolumeContent content = VolumeContent.Open(path);
            await work(content);
        }
        finally
        {
            await driver.UnmountAsync(name, FillHolder, CancellationToken.None);
        }
    }
}
