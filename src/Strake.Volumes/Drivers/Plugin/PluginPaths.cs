using Strake.Linux;

namespace Strake.Volumes;

/// <summary>
/// What a plugin says about where a volume's content is, made a path of the host. A plugin is believed as far as the protocol goes: an absolute
/// path, without steps back, of a directory that is there, and below the plugin's own root where it has one.
/// </summary>
static class PluginPaths
{
    static readonly TimeSpan s_lookLimit = TimeSpan.FromSeconds(10);

    /// <summary>The path as the host sees it. Pure.</summary>
    /// <param name="mountpoint">What the plugin said.</param>
    /// <param name="view">Where its mounts appear; null: it names paths of the host.</param>
    /// <exception cref="PluginRefusalException">It is no such path.</exception>
    public static string OnHost(string mountpoint, PluginView? view)
    {
        if (!mountpoint.StartsWith('/'))
            throw new PluginRefusalException($"VolumeDriver.Mount: the Mountpoint \"{mountpoint}\" is not an absolute path");
        string[] steps = mountpoint.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (steps.Length == 0 || steps.Any(static step => step is "." or "..") || mountpoint.Contains('\0', StringComparison.Ordinal))
            throw new PluginRefusalException($"VolumeDriver.Mount: the Mountpoint \"{mountpoint}\" is no path of a volume's content");
        string path = "/" + string.Join('/', steps);
        if (view is null)
            return path;
        string inside = view.Inside.TrimEnd('/');
        return path == inside || path.StartsWith(inside + "/", StringComparison.Ordinal)
            ? view.Outside + path[inside.Length..]
            : throw new PluginRefusalException($"VolumeDriver.Mount: the Mountpoint \"{mountpoint}\" is outside of {view.Inside}, where the plugin's mounts can be seen");
    }

    /// <summary>Looks whether there is a directory, without links where the plugin has a root of its own. On a thread apart: what a dead
    /// plugin has left mounted may never answer.</summary>
    /// <exception cref="PluginRefusalException">There is none.</exception>
    public static async Task CheckAsync(string path, PluginView? view, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => Look(path, view), cancellationToken).WaitAsync(s_lookLimit, time, cancellationToken);
        }
        catch (LinuxException missing)
        {
            throw new PluginRefusalException($"VolumeDriver.Mount: the Mountpoint cannot be used: {missing.Message}", missing);
        }
        catch (TimeoutException stuck)
        {
            throw new PluginRefusalException($"VolumeDriver.Mount: the file system at the Mountpoint {path} does not answer", stuck);
        }
    }

    static void Look(string path, PluginView? view)
    {
        if (view is null)
        {
            using var there = Syscall.Open(path, OpenFlags.Directory | OpenFlags.Path);
            Syscall.Stat(there);
            return;
        }

        using var root = RootedDirectory.Open(view.Outside, PathRule.Strict);
        string below = path[view.Outside.Length..].TrimStart('/');
        using var content = root.OpenFile(below.Length == 0 ? "." : below, OpenFlags.Directory | OpenFlags.Path);
        Syscall.Stat(content);
    }
}
