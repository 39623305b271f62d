using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>A directory that files go into.</summary>
sealed class TargetDirectory
{
    TargetDirectory()
    {
    }

    /// <summary>The directory that it lies in; null for the root.</summary>
    public TargetDirectory? Parent { get; private init; }

    /// <summary>Its name with its NUL.</summary>
    public byte[] Name { get; private init; } = [];

    /// <summary>What it is to be; null for the root, which stays as it is.</summary>
    public FileEntry? Entry { get; private init; }

    /// <summary>Whether it was there already, so that there may be names in it.</summary>
    public bool HasNames { get; private init; }

    /// <summary>The mode that it has.</summary>
    public UnixFileMode Mode { get; set; }

    /// <summary>The time that it had before anything was made in it; null where it was not there.</summary>
    public UnixTime? Time { get; private init; }

    /// <summary>Whether names in it were made or removed, which changes its time.</summary>
    public bool IsChanged { get; set; }

    /// <summary>The names from last time that have not been passed yet; null as long as nobody has asked.</summary>
    public SortedNames? Names { get; set; }

    /// <summary>The opened directory; null where it is not open now. <see cref="TargetFiles"/> keeps it.</summary>
    public SafeFileHandle? Handle { get; set; }

    /// <summary>Its place among those that are open.</summary>
    public LinkedListNode<TargetDirectory>? Place { get; set; }

    /// <summary>The directory that all others lie in; open all the time.</summary>
    /// <param name="handle">Opened for reading.</param>
    public static TargetDirectory Root(SafeFileHandle handle) => new() { HasNames = true, Handle = handle };

    /// <summary>One that is there from last time.</summary>
    public static TargetDirectory Found(TargetDirectory parent, byte[] name, FileEntry entry, in FileStat stat) =>
        new() { Parent = parent, Name = name, Entry = entry, HasNames = true, Mode = stat.Mode, Time = stat.ModifyTime };

    /// <summary>One that is to be made.</summary>
    public static TargetDirectory Missing(TargetDirectory parent, byte[] name, FileEntry entry) => new() { Parent = parent, Name = name, Entry = entry };
}
