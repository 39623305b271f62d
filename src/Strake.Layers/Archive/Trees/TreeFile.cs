using Microsoft.Win32.SafeHandles;
using Strake.Images.Tar;
using Strake.Layers.Archive.Paths;
using Strake.Linux;

namespace Strake.Layers.Archive.Trees;

/// <summary>What an archive says of files on disk.</summary>
public static class TreeFile
{
    /// <summary>Attributes that are no property of the file but of where it lies: the overlay's own, and the label that this host gave it.</summary>
    public static bool IsKept(ReadOnlySpan<byte> xattr) => !OverlayXattrs.Include(xattr) && !xattr.SequenceEqual("security.selinux"u8);

    /// <summary>The type of an entry for a file; null for what a tar cannot hold (sockets).</summary>
    public static TarEntryType? Type(FileKind kind) => kind switch
    {
        FileKind.Regular => TarEntryType.Regular,
        FileKind.Directory => TarEntryType.Directory,
        FileKind.SymbolicLink => TarEntryType.SymbolicLink,
        FileKind.CharacterDevice => TarEntryType.CharacterDevice,
        FileKind.BlockDevice => TarEntryType.BlockDevice,
        FileKind.Fifo => TarEntryType.Fifo,
        _ => null,
    };

    /// <summary>The attributes of a name in a directory that go along with it, sorted by name. A link itself is asked, never what it leads to.</summary>
    public static IReadOnlyList<TarXattr> Xattrs(SafeFileHandle directory, ReadOnlySpan<byte> nameTerminated)
    {
        List<TarXattr>? xattrs = null;
        foreach (var xattr in Syscall.ListXattrAt(directory, nameTerminated))
        {
            if (!IsKept(xattr[..^1])) continue;
            if (Syscall.TryGetXattrAt(directory, nameTerminated, xattr) is { } value) (xattrs ??= []).Add(new TarXattr(xattr[..^1].ToArray(), value));
        }
        xattrs?.Sort(static (x, y) => x.Name.Span.SequenceCompareTo(y.Name.Span));
        return xattrs ?? (IReadOnlyList<TarXattr>)[];
    }

    /// <summary>The entry for a file.</summary>
    /// <param name="directory">The directory that holds it.</param>
    /// <param name="nameTerminated">Its name there, with a NUL.</param>
    /// <param name="archivedName">Its name in the archive, without the slash that directories get.</param>
    /// <param name="stat">What is known of it.</param>
    /// <param name="type">What it is.</param>
    public static TarEntry Entry(
        SafeFileHandle directory, ReadOnlySpan<byte> nameTerminated, ReadOnlySpan<byte> archivedName, in FileStat stat, TarEntryType type)
    {
        var isDevice = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice;
        return new TarEntry
        {
            Name = type == TarEntryType.Directory ? [.. archivedName, (byte)'/'] : archivedName.ToArray(),
            Type = type,
            LinkName = type == TarEntryType.SymbolicLink ? Syscall.ReadLinkAt(directory, nameTerminated) : default,
            Mode = stat.Mode,
            Uid = stat.Uid,
            Gid = stat.Gid,
            SizeBytes = type == TarEntryType.Regular ? stat.SizeBytes : 0,
            ModifiedTime = new TarTime(stat.ModifyTime.Seconds, (int)stat.ModifyTime.Nanoseconds),
            DeviceMajor = isDevice ? stat.DeviceItself.Major : 0,
            DeviceMinor = isDevice ? stat.DeviceItself.Minor : 0,
            Xattrs = Xattrs(directory, nameTerminated),
        };
    }
}
