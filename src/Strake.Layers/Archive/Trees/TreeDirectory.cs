using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive.Paths;
using Strake.Linux;

namespace Strake.Layers.Archive.Trees;

/// <summary>Directories of a tree, opened by their path below its root without following a link.</summary>
public static class TreeDirectory
{
    /// <summary>Opens a directory for reading; null where there is none by now.</summary>
    /// <param name="root">The tree's root.</param>
    /// <param name="path">A clean path; empty for the root.</param>
    public static SafeFileHandle? TryOpen(SafeFileHandle root, ReadOnlySpan<byte> path)
    {
        try
        {
            return Syscall.TryOpenAt2(
                root, path.IsEmpty ? ".\0"u8 : EntryPath.Of(path).Terminated, OpenFlags.ReadOnly | OpenFlags.Directory, ResolveFlags.Beneath | ResolveFlags.NoSymlinks);
        }
        catch (LinuxException link) when (link.Errno == Errno.ELOOP)
        {
            return null;
        }
    }

    /// <summary>The names in a directory just opened, sorted, without NULs.</summary>
    public static IReadOnlyList<byte[]> Names(SafeFileHandle directory)
    {
        var names = new List<byte[]>();
        using (var reader = new DirectoryReader(directory))
        {
            while (reader.Read()) names.Add(reader.Name.ToArray());
        }
        names.Sort(static (x, y) => x.AsSpan().SequenceCompareTo(y));
        return names;
    }
}
