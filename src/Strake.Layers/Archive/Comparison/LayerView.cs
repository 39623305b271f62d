using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive.Extraction;
using Strake.Layers.Archive.Paths;
using Strake.Layers.Archive.Trees;
using Strake.Linux;

namespace Strake.Layers.Archive.Comparison;

/// <summary>One layer's own content, read in the form in which its driver keeps it.</summary>
sealed class LayerView : IDisposable
{
    readonly WhiteoutForm _form;
    readonly bool _hasFuseMarks;

    /// <summary>Opens a layer's content.</summary>
    public LayerView(LayerContent content)
    {
        Root = Syscall.Open(content.Directory, OpenFlags.Directory);
        _form = content.Whiteouts;
        _hasFuseMarks = content.HasFuseMarks;
    }

    /// <summary>The layer's root directory.</summary>
    public SafeFileHandle Root { get; }

    /// <summary>Whether the layer is a whole tree: what it does not have is not there.</summary>
    public bool IsWhole => _form == WhiteoutForm.Absent;

    /// <summary>Opens a directory of the layer; null where it has none.</summary>
    public SafeFileHandle? TryOpen(ReadOnlySpan<byte> path) => TreeDirectory.TryOpen(Root, path);

    /// <summary>What the layer says of a name in one of its directories.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="nameTerminated">The name, with a NUL.</param>
    /// <param name="stat">The file, where it has one.</param>
    public LayerWord Look(SafeFileHandle directory, ReadOnlySpan<byte> nameTerminated, out FileStat stat)
    {
        if (Syscall.TryStatAt(directory, nameTerminated, out stat))
            return _form == WhiteoutForm.Overlay && Whiteouts.IsWhiteout(stat) ? LayerWord.Hides : LayerWord.Has;
        return _form == WhiteoutForm.DotWh && Syscall.TryStatAt(directory, (byte[])[.. ".wh."u8, .. nameTerminated], out _) ? LayerWord.Hides : LayerWord.Nothing;
    }

    /// <summary>The names in a directory that the layer has or hides, sorted.</summary>
    public IReadOnlyList<byte[]> Names(SafeFileHandle directory)
    {
        var names = TreeDirectory.Names(directory);
        if (_hasFuseMarks) return [.. names.Where(static name => !LayerContent.IsFuseMark(name))];
        if (_form != WhiteoutForm.DotWh) return names;
        var plain = new SortedSet<byte[]>(Comparer<byte[]>.Create(static (x, y) => x.AsSpan().SequenceCompareTo(y)));
        foreach (var name in names)
        {
            // aufs's own, the opaque marker among them.
            if (name.AsSpan().StartsWith(".wh..wh."u8)) continue;
            plain.Add(name.AsSpan().StartsWith(".wh."u8) ? name[4..] : name);
        }
        return [.. plain];
    }

    /// <summary>Whether a directory of the layer hides all that lower layers have in it.</summary>
    /// <exception cref="StrakeException">NotSupported: the overlay was mounted with redirect_dir, and the directory was renamed.</exception>
    public bool IsOpaque(SafeFileHandle directory)
    {
        if (_form == WhiteoutForm.DotWh) return Syscall.TryStatAt(directory, ".wh..wh..opq\0"u8, out _);
        if (_form != WhiteoutForm.Overlay) return false;
        // Our mounts turn it off; a tar could not say it.
        if (Syscall.TryGetXattr(directory, OverlayXattrs.Redirect) is not null)
            throw StrakeException.NotSupported($"{Syscall.PathOf(directory)} was renamed by an overlay mounted with redirect_dir");
        return Syscall.TryGetXattr(directory, OverlayXattrs.Opaque) is [(byte)'y'];
    }

    public void Dispose() => Root.Dispose();
}
