using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive.Trees;
using Strake.Linux;

namespace Strake.Layers.Archive.Comparison;

/// <summary>
/// Whether a file is another than it was, by what Docker looks at and a little more: kind, mode, owner, device; of all but directories
/// also length and time of change to the nanosecond, a link's text; attributes. Contents are not read.
/// </summary>
static class FileDifference
{
    public static bool Differs(SafeFileHandle oldDirectory, in FileStat old, SafeFileHandle newDirectory, in FileStat @new, ReadOnlySpan<byte> nameTerminated)
    {
        if (old.Kind != @new.Kind || old.Mode != @new.Mode || old.Uid != @new.Uid || old.Gid != @new.Gid) return true;
        if (old.Kind is FileKind.CharacterDevice or FileKind.BlockDevice && old.DeviceItself != @new.DeviceItself) return true;
        // A directory's time changes with what is in it, and that is told by itself.
        if (old.Kind != FileKind.Directory && (old.ModifyTime != @new.ModifyTime || old.SizeBytes != @new.SizeBytes)) return true;
        if (old.Kind == FileKind.SymbolicLink && !Syscall.ReadLinkAt(oldDirectory, nameTerminated).AsSpan().SequenceEqual(Syscall.ReadLinkAt(newDirectory, nameTerminated))) return true;
        return XattrsDiffer(oldDirectory, newDirectory, nameTerminated);
    }

    static bool XattrsDiffer(SafeFileHandle oldDirectory, SafeFileHandle newDirectory, ReadOnlySpan<byte> nameTerminated)
    {
        var (before, after) = (TreeFile.Xattrs(oldDirectory, nameTerminated), TreeFile.Xattrs(newDirectory, nameTerminated));
        if (before.Count != after.Count) return true;
        for (var i = 0; i < before.Count; i++)
        {
            if (!before[i].Name.Span.SequenceEqual(after[i].Name.Span) || !before[i].Value.Span.SequenceEqual(after[i].Value.Span)) return true;
        }
        return false;
    }
}
