using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Layers.Archive.Trees;

/// <summary>Copies one file of any kind but a directory, with all that a layer keeps of it.</summary>
static class FileCopy
{
    const int BufferSize = 128 * 1024;

    /// <summary>Copies a file to a name that is free.</summary>
    public static void Copy(SafeFileHandle sourceDirectory, ReadOnlySpan<byte> source, SafeFileHandle targetDirectory, ReadOnlySpan<byte> target, in FileStat stat)
    {
        if (stat.Kind == FileKind.SymbolicLink) Syscall.SymlinkAt(PathBytes.Terminate(Syscall.ReadLinkAt(sourceDirectory, source)), targetDirectory, target);
        else if (stat.Kind == FileKind.Regular) CopyContent(sourceDirectory, source, targetDirectory, target, stat);
        else Syscall.MknodAt(targetDirectory, target, stat.Kind, stat.Mode, stat.DeviceItself);
        using var from = Syscall.OpenAt(sourceDirectory, source, OpenFlags.Path | OpenFlags.NoFollow);
        using var to = Syscall.OpenAt(targetDirectory, target, OpenFlags.Path | OpenFlags.NoFollow);
        CopyMetadata(from, to, stat);
    }

    /// <summary>Gives an open file the owner, mode, attributes and times of another.</summary>
    public static void CopyMetadata(SafeFileHandle source, SafeFileHandle target, in FileStat stat)
    {
        Syscall.Chown(target, stat.Uid, stat.Gid);
        if (stat.Kind != FileKind.SymbolicLink) Syscall.Chmod(target, stat.Mode);
        foreach (var name in Syscall.ListXattr(source))
        {
            if (TreeFile.IsKept(name[..^1]) && Syscall.TryGetXattr(source, name) is { } value) Syscall.SetXattr(target, name, value);
        }
        Syscall.Utimens(target, stat.AccessTime, stat.ModifyTime);
    }

    static void CopyContent(SafeFileHandle sourceDirectory, ReadOnlySpan<byte> source, SafeFileHandle targetDirectory, ReadOnlySpan<byte> target, in FileStat stat)
    {
        using var from = Syscall.OpenAt(sourceDirectory, source, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        using var to = Syscall.OpenAt(targetDirectory, target, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, Permissions.Octal0600);
        if (stat.SizeBytes == 0 || Syscall.TryClone(from, to)) return;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (Syscall.TryRead(from, buffer) is var read and > 0)
            {
                for (ReadOnlySpan<byte> rest = buffer.AsSpan(0, read); !rest.IsEmpty;) rest = rest[Syscall.TryWrite(to, rest)..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
