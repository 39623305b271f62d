using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>The files in a directory, sent as they are. Sockets are left out.</summary>
/// <param name="root">The directory; stays the caller's.</param>
sealed class DirectorySource(RootedDirectory root) : IFileSource
{
    readonly Dictionary<(DeviceNumber Device, ulong Inode), byte[]> linked = [];

    /// <inheritdoc/>
    public IEnumerable<FileEntry> Walk()
    {
        var pending = new Stack<SourceLevel>();
        pending.Push(Read([]));
        while (pending.TryPeek(out SourceLevel? level))
        {
            if (level.Names.Current is not { } name)
            {
                pending.Pop();
                continue;
            }

            level.Names.MoveNext();
            if (Describe(level.Path, name) is not { } entry) continue;
            yield return entry;
            if (entry.IsDirectory) pending.Push(Read(entry.Path));
        }
    }

    /// <inheritdoc/>
    public Stream Open(FileEntry file)
    {
        try
        {
            return new FileStream(root.OpenFile(PathBytes.Terminate(file.Path), OpenFlags.NoFollow), FileAccess.Read, bufferSize: 0);
        }
        catch (LinuxException e)
        {
            throw StrakeException.Internal($"{file.DisplayPath} cannot be read: {e.Message}", e);
        }
    }

    SourceLevel Read(byte[] path)
    {
        using SafeFileHandle directory = root.OpenDirectory(path.Length == 0 ? ".\0"u8 : PathBytes.Terminate(path));
        return new SourceLevel(path, SortedNames.Of(directory));
    }

    FileEntry? Describe(byte[] directory, byte[] name)
    {
        byte[] path = directory.Length == 0 ? name[..^1] : [.. directory, (byte)'/', .. name.AsSpan()[..^1]];
        if (!root.TryStat(PathBytes.Terminate(path), out FileStat stat) || stat.Kind is FileKind.Socket) return null;
        using SafeFileHandle file = root.OpenFile(PathBytes.Terminate(path), OpenFlags.Path | OpenFlags.NoFollow);
        return new FileEntry
        {
            Path = path,
            Kind = stat.Kind,
            Mode = stat.Mode,
            SizeBytes = stat.Kind is FileKind.Regular ? stat.SizeBytes : 0,
            ModifyTime = stat.ModifyTime,
            Target = stat.Kind is FileKind.SymbolicLink ? Syscall.ReadLinkAt(file, "\0"u8) : OtherName(stat, path),
            Device = stat.DeviceItself,
            Attributes = stat.Kind is FileKind.SymbolicLink ? [] : AttributesOf(file),
        };
    }

    byte[] OtherName(in FileStat stat, byte[] path)
    {
        if (stat.Kind is not FileKind.Regular || stat.LinkCount < 2) return [];
        if (linked.TryGetValue((stat.Device, stat.Inode), out byte[]? first)) return first;
        linked.Add((stat.Device, stat.Inode), path);
        return [];
    }

    static List<KeyValuePair<byte[], byte[]>> AttributesOf(SafeFileHandle file)
    {
        var attributes = new List<KeyValuePair<byte[], byte[]>>();
        foreach (ReadOnlySpan<byte> name in Syscall.ListXattr(file))
            if (Syscall.TryGetXattr(file, name) is { } value) attributes.Add(new(name[..^1].ToArray(), value));
        return attributes;
    }

    sealed record SourceLevel(byte[] Path, SortedNames Names);
}
