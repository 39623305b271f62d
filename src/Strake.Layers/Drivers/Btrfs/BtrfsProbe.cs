using Strake.Linux;

namespace Strake.Layers;

/// <summary>Tries subvolumes and snapshots where layers are to lie. Nothing is left, also of a try that a crash cut short.</summary>
static class BtrfsProbe
{
    /// <summary>Tries it once.</summary>
    /// <param name="home">The driver's directory.</param>
    /// <exception cref="StrakeException">Unavailable: it does not work here; says what and the way out.</exception>
    public static void Run(string home)
    {
        if (FileSystem.TypeOf(home) is var type && type is not "btrfs")
            throw StrakeException.Unavailable($"btrfs: {home} is on {type}; put the data root on a btrfs, or choose another storage driver");

        try
        {
            using var directory = Syscall.Open(home, OpenFlags.Directory);
            Clear(directory);
            BtrfsSubvolume.Create(directory, "probe"u8);
            using (var source = Syscall.OpenAt(directory, "probe\0"u8, OpenFlags.Directory)) BtrfsSubvolume.Snapshot(source, directory, "probe-copy"u8);
            Clear(directory);
        }
        catch (LinuxException e)
        {
            throw StrakeException.Unavailable($"btrfs: cannot make subvolumes in {home}: {e.Message}; give the daemon the right to, or choose another storage driver", e);
        }
    }

    static void Clear(Microsoft.Win32.SafeHandles.SafeFileHandle home)
    {
        foreach (var name in (ReadOnlySpan<byte[]>)[[.. "probe"u8], [.. "probe-copy"u8]])
        {
            if (Syscall.TryStatAt(home, PathBytes.Terminate(name), out _)) BtrfsSubvolume.Remove(home, name);
        }
    }
}
