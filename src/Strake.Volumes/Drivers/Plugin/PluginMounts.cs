using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Strake.Volumes;

/// <summary>
/// The mounts of one plugin's volumes: each use has an id of its own, written down before the plugin is told of it and forgotten after the
/// plugin was told of its end. So whatever is killed in between, no use is asked for twice under one id, and each is ended.
/// </summary>
/// <param name="name">The plugin.</param>
/// <param name="plugin">Its calls.</param>
/// <param name="journal">What was asked of it.</param>
/// <param name="isOpen">
/// Whether the engine is up. Whoever starts it waits for no plugin: ends of mounts are asked for until then, and not waited for.
/// </param>
/// <param name="time">The clock.</param>
sealed class PluginMounts(string name, VolumePlugin plugin, IMountJournal journal, Func<bool> isOpen, TimeProvider time)
{
    const int IdDigits = 64;

    // A container's end waits this long for a plugin; the mount's end goes on without it.
    static readonly TimeSpan s_endPatience = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<string, Lazy<Task>> endings = new(StringComparer.Ordinal);

    /// <summary>Mounts for a holder. What it left behind of an earlier use is ended first.</summary>
    /// <returns>The path of the content on the host.</returns>
    public async Task<string> MountAsync(VolumeName volume, string holder, CancellationToken cancellationToken)
    {
        foreach (MountUse left in await journal.OfAsync(volume, cancellationToken))
        {
            if (left.Driver == name && (left.State is MountUseState.Unmounting || left.Holder == holder))
                await EndAsync(left);
        }

        var use = new MountUse(volume, RandomNumberGenerator.GetHexString(IdDigits, lowercase: true), holder, name, MountUseState.Mounting);
        cancellationToken.ThrowIfCancellationRequested();
        await journal.PutAsync(use);
        FaultPoint.Reach("volume.plugin-mount.recorded");
        string path = await AskAsync(use, cancellationToken);
        FaultPoint.Reach("volume.plugin-mount.mounted");
        await journal.PutAsync(use with { State = MountUseState.Mounted });
        FaultPoint.Reach("volume.plugin-mount.done");
        return path;
    }

    /// <summary>Ends a holder's use. Returns after a while even where the plugin does not answer: it is told when it is back.</summary>
    public async Task UnmountAsync(VolumeName volume, string holder)
    {
        foreach (MountUse use in await journal.OfAsync(volume, CancellationToken.None))
        {
            if (use.Driver == name && use.Holder == holder)
                await EndSoonAsync(use);
        }
    }

    /// <summary>Ends what is over of a volume's uses, before it is removed.</summary>
    /// <exception cref="PluginUnreachableException">The plugin does not answer.</exception>
    public async Task EndAllAsync(VolumeName volume)
    {
        foreach (MountUse use in await journal.OfAsync(volume, CancellationToken.None))
        {
            if (use.Driver == name)
                await EndAsync(use);
        }
    }

    /// <summary>Ends uses of holders that are no more, and those that nobody can have.</summary>
    public async Task SettleAsync(IReadOnlySet<string> holders, CancellationToken cancellationToken)
    {
        foreach (MountUse use in await journal.AllAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool isOver = use.State is MountUseState.Unmounting || !holders.Contains(use.Holder);
            if (use.Driver == name && isOver)
                await EndSoonAsync(use);
        }
    }

    async Task<string> AskAsync(MountUse use, CancellationToken cancellationToken)
    {
        try
        {
            string mountpoint = await plugin.MountAsync(use.Volume.ToString(), use.Id, cancellationToken);
            string path = PluginPaths.OnHost(mountpoint, plugin.View);
            await PluginPaths.CheckAsync(path, plugin.View, time, cancellationToken);
            return path;
        }
        catch (Exception failed)
        {
            // Whether it was mounted, the plugin knows at best: it is told that nobody has it.
            bool neverSent = failed is PluginUnreachableException { WasSent: false } or StrakeException { Kind: ErrorKind.NotFound or ErrorKind.Conflict or ErrorKind.Invalid or ErrorKind.Unavailable };
            if (neverSent)
                await journal.DeleteAsync(use);
            else
                await EndSoonAsync(use);
            throw;
        }
    }

    async Task EndSoonAsync(MountUse use)
    {
        await journal.PutAsync(use with { State = MountUseState.Unmounting });
        FaultPoint.Reach("volume.plugin-unmount.recorded");
        Task end = EndAsync(use);
        try
        {
            await end.WaitAsync(isOpen() ? s_endPatience : TimeSpan.Zero, time);
        }
        catch (Exception later) when (later is TimeoutException or PluginUnreachableException or StrakeException)
        {
            // It stands in the journal: whoever mounts or removes the volume next ends it first, and so does the next start.
            _ = end.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    // Who comes while it is under way waits for the same.
    async Task EndAsync(MountUse use)
    {
        Lazy<Task> ending = endings.GetOrAdd(use.Id, _ => new Lazy<Task>(() => Task.Run(() => TellAsync(use))));
        try
        {
            await ending.Value;
        }
        finally
        {
            endings.TryRemove(new(use.Id, ending));
        }
    }

    async Task TellAsync(MountUse use)
    {
        try
        {
            await plugin.UnmountAsync(use.Volume.ToString(), use.Id, CancellationToken.None);
        }
        catch (PluginRefusalException)
        {
            // It does not know the id (any more): that is what was to be.
        }

        FaultPoint.Reach("volume.plugin-unmount.unmounted");
        await journal.DeleteAsync(use);
    }
}
