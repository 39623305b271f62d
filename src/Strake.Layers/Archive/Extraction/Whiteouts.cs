using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive.Paths;
using Strake.Linux;

namespace Strake.Layers.Archive.Extraction;

/// <summary>
/// Carries out a layer's whiteouts. They are about the layers below alone: what the layer itself has, before or after, stays.
/// </summary>
sealed class Whiteouts(WhiteoutForm form, ParentDirectories parents, LayerFiles files, MemoryBudget memory)
{
    readonly HashSet<byte[]> _seen = new(ByteStrings.Comparer);
    readonly List<ReadOnlyMemory<byte>> _made = [];

    /// <summary>Whether a directory was made only because something lies in it.</summary>
    public Func<EntryPath, bool> IsImplied { get; set; } = static _ => false;

    /// <summary>Called for a directory of the layer's that has nothing to do any more with what the layers below have under its name.</summary>
    public Action<EntryPath> StandsNew { get; set; } = static _ => { };

    /// <summary>The names for which the overlay's whiteout was made.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Made => _made;

    /// <summary>Whether a file is overlay's whiteout.</summary>
    public static bool IsWhiteout(in FileStat stat) => stat.Kind == FileKind.CharacterDevice && stat.DeviceItself == default;

    /// <summary>Makes a directory hide all below it.</summary>
    public static void SetOpaque(SafeFileHandle directory) => Syscall.SetXattr(directory, OverlayXattrs.Opaque, "y"u8);

    /// <summary>Hides a name of the layers below.</summary>
    public void Hide(EntryPath archived)
    {
        if (form == WhiteoutForm.Absent)
        {
            if (parents.Find(archived.Parent) is { } lower) files.RemoveLower(lower.Handle, lower.Of(archived));
            return;
        }
        if (parents.OpenUnlessHidden(archived.Parent) is not { } parent) return;
        var path = parent.Of(archived);
        if (!Syscall.TryStatAt(parent.Handle, path.NameTerminated, out var stat))
        {
            Make(parent, path);
            return;
        }
        // The layer has a file of that name: that hides whatever is below. A directory would be merged with it, unless it is opaque.
        if (stat.Kind != FileKind.Directory || !IsFirst(path)) return;
        if (files.HoldsFiles(path, IsImplied))
        {
            using var directory = Syscall.OpenAt(parent.Handle, path.NameTerminated, OpenFlags.Directory | OpenFlags.NoFollow);
            SetOpaque(directory);
            StandsNew(path);
            return;
        }
        // It is there for the sake of other whiteouts alone, which this one makes needless.
        files.Remove(parent.Handle, path, stat);
        Make(parent, path);
    }

    /// <summary>Hides all that a directory has in the layers below.</summary>
    /// <param name="archived">The directory.</param>
    public void HideContent(EntryPath archived)
    {
        if (form == WhiteoutForm.Overlay)
        {
            if (parents.OpenUnlessHidden(archived.Bytes) is { } own) SetOpaque(own.Handle);
            return;
        }
        if (parents.Find(archived.Bytes) is not { } directory || !IsFirst(directory.Path)) return;
        foreach (var name in Names(directory.Handle)) files.RemoveLower(directory.Handle, EntryPath.Join(directory.Path.Bytes, name));
    }

    void Make(ParentDirectory parent, EntryPath path)
    {
        Syscall.MknodAt(parent.Handle, path.NameTerminated, FileKind.CharacterDevice, UnixFileMode.None);
        files.Wrote(path);
        memory.Take(path.Bytes.Length);
        _made.Add(path.Memory);
    }

    // The second time there is nothing left but the layer's own; looking at it again and again would take a hostile archive's time.
    bool IsFirst(EntryPath path)
    {
        memory.Take(path.Bytes.Length);
        return _seen.Add(path.Bytes.ToArray());
    }

    static List<byte[]> Names(SafeFileHandle directory)
    {
        // A cached handle has been read before, perhaps.
        Syscall.Seek(directory, 0, SeekFrom.Start);
        using var reader = new DirectoryReader(directory);
        var names = new List<byte[]>();
        while (reader.Read()) names.Add(reader.Name.ToArray());
        return names;
    }
}
