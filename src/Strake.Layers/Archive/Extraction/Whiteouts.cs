using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive.Paths;
using Strake.Linux;

namespace Strake.Layers.Archive.Extraction;

/// <summary>
/// Carries out a layer's whiteouts. They are about the layers below alone: what the layer itself has, before or after, stays.
/// </summary>
sealed class Whiteouts(WhiteoutForm form, ParentDirectories parents, LayerFiles files)
{
    readonly HashSet<byte[]> _opaque = new(ByteStrings.Comparer);

    /// <summary>The attribute that makes a directory hide all below it.</summary>
    public static ReadOnlySpan<byte> OpaqueXattr => "trusted.overlay.opaque\0"u8;

    /// <summary>Whether a file is overlay's whiteout.</summary>
    public static bool IsWhiteout(in FileStat stat) => stat.Kind == FileKind.CharacterDevice && stat.DeviceItself == default;

    /// <summary>Makes a directory hide all below it.</summary>
    public static void SetOpaque(SafeFileHandle directory) => Syscall.SetXattr(directory, OpaqueXattr, "y"u8);

    /// <summary>Hides a name of the layers below.</summary>
    public void Hide(EntryPath path)
    {
        if (form == WhiteoutForm.Absent)
        {
            if (parents.Find(path.Parent) is { } lower) files.RemoveLower(lower.Handle, path);
            return;
        }
        var parent = parents.Open(path.Parent);
        if (!Syscall.TryStatAt(parent.Handle, path.NameTerminated, out var stat))
        {
            Syscall.MknodAt(parent.Handle, path.NameTerminated, FileKind.CharacterDevice, UnixFileMode.None);
            files.Wrote(path);
            return;
        }
        // The layer has a file of that name: that hides whatever is below. A directory would be merged with it, unless it is opaque.
        if (stat.Kind != FileKind.Directory) return;
        using var directory = Syscall.OpenAt(parent.Handle, path.NameTerminated, OpenFlags.Directory | OpenFlags.NoFollow);
        SetOpaque(directory);
    }

    /// <summary>Hides all that a directory has in the layers below.</summary>
    /// <param name="path">The directory.</param>
    public void HideContent(EntryPath path)
    {
        if (form == WhiteoutForm.Overlay)
        {
            // Each time: the directory may be another by now.
            SetOpaque(parents.Open(path.Bytes).Handle);
            return;
        }
        // The second time there is nothing left but the layer's own.
        if (!_opaque.Add(path.Bytes.ToArray())) return;
        if (parents.Find(path.Bytes) is not { } directory) return;
        // Looked up again for each name: the removal of a directory closes what is open.
        foreach (var name in Names(directory.Handle)) files.RemoveLower(parents.Open(path.Bytes).Handle, EntryPath.Join(path.Bytes, name));
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
