using Microsoft.Win32.SafeHandles;
using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>
/// What holders do with volumes: they attach, mount, unmount and detach. As long as one is attached, the volume stays.
/// </summary>
/// <example>
/// <code>
/// await volumes.Uses.AttachAsync("data", new("container/4f2a", "/var/lib/mysql", false), ct);
/// string path = await volumes.Uses.MountAsync("data", "container/4f2a", ct);
/// …
/// await volumes.Uses.UnmountAsync("data", "container/4f2a", ct);
/// await volumes.Uses.DetachAsync("data", "container/4f2a", ct);
/// </code>
/// </example>
public sealed class VolumeUses
{
    readonly VolumeContext context;

    internal VolumeUses(VolumeContext context) => this.context = context;

    /// <summary>Writes down that somebody uses a volume. Repeated for one holder, the later one stands.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="attachment">Who, where, in which mode.</param>
    /// <param name="cancellationToken">Honoured until the record is written.</param>
    /// <remarks>
    /// Not waited for on disk: the holder's own record, which is committed after it, takes it along (a store never makes
    /// a later commit durable before an earlier one).
    /// </remarks>
    /// <exception cref="StrakeException">NotFound. Conflict: an earlier removal of it did not finish.</exception>
    public async Task AttachAsync(string name, Attachment attachment, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeRecords.NameOf(name);
        using IDisposable turn = await context.Names.EnterAsync(parsed, cancellationToken);
        Versioned<VolumeRecord> record = await context.ThereAsync(parsed, cancellationToken);
        await context.Records.WriteAsync(parsed, record.Value, record.Revision, Durability.Eventual, cancellationToken, attachment);
    }

    /// <summary>Ends a use. A holder or volume that is not there is done already.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="holder">Who used it.</param>
    /// <param name="cancellationToken">Honoured until the record is written.</param>
    public async Task DetachAsync(string name, string holder, CancellationToken cancellationToken)
    {
        if (!VolumeName.TryParse(name, out VolumeName parsed))
            return;
        using IDisposable turn = await context.Names.EnterAsync(parsed, cancellationToken);
        if (await context.Records.FindAsync(parsed, cancellationToken) is { } record)
            await context.Records.DetachAsync(parsed, record, holder, cancellationToken);
    }

    /// <summary>Makes the content available to a holder that is attached.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="holder">Who will use it.</param>
    /// <param name="cancellationToken">Passed to the driver.</param>
    /// <returns>Absolute path of the content on the host.</returns>
    /// <exception cref="StrakeException">NotFound. InUse: another holder's terms do not let it be mounted so. DataLoss: the content is gone.</exception>
    public async Task<string> MountAsync(string name, string holder, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeRecords.NameOf(name);
        using IDisposable turn = await context.Names.EnterAsync(parsed, cancellationToken);
        Versioned<VolumeRecord> record = await context.ReadyAsync(parsed, cancellationToken);
        await context.Ledger.RequireTermsAsync(parsed, holder, cancellationToken);
        record = await context.Records.SetMountedAsync(parsed, record, holder, mounted: true, cancellationToken);
        FaultPoint.Reach("volume.mount.recorded");
        string path;
        try
        {
            path = await context.Drivers.Get(record.Value.Driver).MountAsync(parsed, holder, cancellationToken);
        }
        catch
        {
            await context.Records.SetMountedAsync(parsed, record, holder, mounted: false, CancellationToken.None);
            throw;
        }

        FaultPoint.Reach("volume.mount.after");
        await TellMountedAsync(parsed, record.Value.Driver, holder);
        return path;
    }

    /// <summary>Ends a holder's use of the mount; its attachment stays. A volume that is not there is done already.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="holder">Who used it.</param>
    /// <param name="cancellationToken">Passed to the driver.</param>
    public async Task UnmountAsync(string name, string holder, CancellationToken cancellationToken)
    {
        if (!VolumeName.TryParse(name, out VolumeName parsed))
            return;
        using IDisposable turn = await context.Names.EnterAsync(parsed, cancellationToken);
        if (await context.Records.FindAsync(parsed, cancellationToken) is not { } record)
            return;
        FaultPoint.Reach("volume.unmount.before");
        await context.Drivers.Get(record.Value.Driver).UnmountAsync(parsed, holder, cancellationToken);
        FaultPoint.Reach("volume.unmount.after");
        await context.Records.SetMountedAsync(parsed, record, holder, mounted: false, cancellationToken);
        context.Tell("unmount", parsed, [new("driver", record.Value.Driver), new("container", Attachment.IdOf(holder))]);
    }

    /// <summary>
    /// Copies a directory's content, owner and mode into a volume that is empty; does nothing to one that is not. Killed
    /// in the middle, the volume has all of it or nothing after a restart. What others write to it meanwhile stays as it is.
    /// </summary>
    /// <param name="name">The volume.</param>
    /// <param name="sourceDirectory">The directory, opened below the container's root; stays the caller's.</param>
    /// <param name="cancellationToken">Honoured before the copy begins.</param>
    /// <returns>Whether anything was copied.</returns>
    /// <exception cref="StrakeException">NotFound. Exhausted: no space left; nothing was copied.</exception>
    public async Task<bool> FillAsync(string name, SafeFileHandle sourceDirectory, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeRecords.NameOf(name);
        using IDisposable turn = await context.Names.EnterAsync(parsed, cancellationToken);
        return await context.Lifecycle.FillAsync(parsed, await context.ReadyAsync(parsed, cancellationToken), sourceDirectory, cancellationToken);
    }

    /// <summary>Who uses a volume.</summary>
    /// <param name="name">The volume; one that does not exist has no users.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async ValueTask<IReadOnlyList<VolumeUse>> OfAsync(string name, CancellationToken cancellationToken) =>
        VolumeName.TryParse(name, out VolumeName parsed) ? await context.Ledger.OfAsync(parsed, cancellationToken) : [];

    /// <summary>All uses of all volumes; of those whose record cannot be read, what their key says.</summary>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public ValueTask<IReadOnlyList<VolumeUse>> AllAsync(CancellationToken cancellationToken) => context.Ledger.AllAsync(static _ => { }, cancellationToken);

    /// <summary>How many use each volume that is used, by its name; in one look-up.</summary>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async ValueTask<IReadOnlyDictionary<string, int>> CountsAsync(CancellationToken cancellationToken) =>
        (await context.Ledger.AllAsync(static _ => { }, cancellationToken)).CountBy(static use => use.Volume, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    // With Docker's attributes; a volume's mount has no propagation.
    async Task TellMountedAsync(VolumeName name, string driver, string holder)
    {
        Attachment attachment = (await context.Ledger.OfAsync(name, CancellationToken.None)).FirstOrDefault(use => use.Attachment.Holder == holder)?.Attachment
            ?? new Attachment(holder, "", ReadOnly: false);
        context.Tell("mount", name, [
            new("driver", driver), new("container", attachment.HolderId), new("destination", attachment.Destination), new("read/write", attachment.ReadOnly ? "false" : "true"), new("propagation", "")]);
    }
}
