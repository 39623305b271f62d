using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive.Paths;
using Strake.Linux;

namespace Strake.Layers.Archive.Comparison;

/// <summary>
/// Finds what a layer changes of the layers below, by a walk through the layer alone; the layers below are asked only for the names that
/// it has, and listed only where the layer's directory hides them as a whole.
/// </summary>
/// <remarks>
/// <paramref name="forArchive"/>: in an archive, a directory that stands anew is told by one mark, and then all that it holds must be
/// there, unchanged or not. For <c>docker diff</c> each removed name is told instead.
/// </remarks>
sealed class LayerComparison(LayerView layer, IReadOnlyList<LayerView> parents, bool forArchive, CancellationToken cancellationToken)
{
    readonly List<LayerDifference> _differences = [];

    /// <summary>The differences: each directory before what is in it, names sorted.</summary>
    public List<LayerDifference> Run()
    {
        var root = EntryPath.Of(default);
        // The root is merged always; it is listed only where it is another itself, and then first.
        if (forArchive && RootDiffers()) _differences.Add(new LayerDifference(root, LayerChangeKind.Modified, HidesContent: false));
        Compare(root, parents, isNew: parents.Count == 0, isHidden: false);
        return _differences;
    }

    bool RootDiffers() => parents.Count == 0 || FileDifference.Differs(
        parents[0].Root, Syscall.Stat(parents[0].Root), layer.Root, Syscall.Stat(layer.Root), ".\0"u8);

    // Below an opaque directory everything is hidden, though the overlay marks the topmost alone.
    void Compare(EntryPath path, IReadOnlyList<LayerView> lowerLayers, bool isNew, bool isHidden)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // All that is asked of open directories is asked before going down: one directory's handles are open at a time.
        var children = new List<Child>();
        bool hides;
        using (var directory = layer.TryOpen(path.Bytes))
        using (var lower = new LowerDirectory(lowerLayers, path.Bytes))
        {
            if (directory is null) return;
            hides = isHidden || layer.IsOpaque(directory);
            var names = layer.Names(directory);
            foreach (var name in names) AddChild(children, directory, lower, EntryPath.Join(path.Bytes, name), isNew);
            if (!isNew && (layer.IsWhole || (hides && !forArchive))) AddRemoved(children, names, lower, path);
        }
        foreach (var child in children) Tell(child, hides);
    }

    void AddChild(List<Child> children, SafeFileHandle directory, LowerDirectory lower, EntryPath path, bool isNew)
    {
        var word = layer.Look(directory, path.NameTerminated, out var stat);
        if (word == LayerWord.Nothing) return;
        var old = isNew ? null : lower.Find(path.NameTerminated);
        if (word == LayerWord.Hides)
        {
            if (old is not null) children.Add(new Child(path, LayerChangeKind.Deleted));
            return;
        }
        var isDirectory = stat.Kind == FileKind.Directory;
        if (old is null)
        {
            children.Add(new Child(path, LayerChangeKind.Added) { IsDirectory = isDirectory });
            return;
        }
        var wasDirectory = old.Stat.Kind == FileKind.Directory;
        var hides = forArchive && isDirectory && wasDirectory && IsOpaque(directory, path);
        var differs = hides || FileDifference.Differs(old.Directory, old.Stat, directory, stat, path.NameTerminated);
        if (!isDirectory && !differs) return;
        children.Add(new Child(path, differs ? LayerChangeKind.Modified : null)
        {
            IsDirectory = isDirectory,
            HidesContent = hides,
            Lower = isDirectory && wasDirectory && !hides ? old.Layers : null,
        });
    }

    bool IsOpaque(SafeFileHandle parent, EntryPath path)
    {
        using var directory = Syscall.OpenAt(parent, path.NameTerminated, OpenFlags.Directory | OpenFlags.NoFollow);
        return layer.IsOpaque(directory);
    }

    static void AddRemoved(List<Child> children, IReadOnlyList<byte[]> names, LowerDirectory lower, EntryPath path)
    {
        var kept = new HashSet<byte[]>(names, ByteStrings.Comparer);
        children.AddRange(lower.Names().Where(n => !kept.Contains(n)).Select(n => new Child(EntryPath.Join(path.Bytes, n), LayerChangeKind.Deleted)));
        children.Sort(static (x, y) => x.Path.Name.SequenceCompareTo(y.Path.Name));
    }

    // A directory in which something changed is told of too, so that its mode and owner go along; before its content, which is not known yet.
    void Tell(Child child, bool isHidden)
    {
        var at = _differences.Count;
        _differences.Add(new LayerDifference(child.Path, child.Kind ?? LayerChangeKind.Modified, child.HidesContent));
        if (child.IsDirectory) Compare(child.Path, child.Lower ?? [], isNew: child.Lower is null, isHidden);
        if (child.Kind is null && _differences.Count == at + 1) _differences.RemoveAt(at);
    }

    /// <summary>A name in a directory, and what is known of it before its own content is looked at; no kind: nothing so far.</summary>
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Child(EntryPath Path, LayerChangeKind? Kind)
    {
        public bool IsDirectory { get; init; }

        public bool HidesContent { get; init; }

        /// <summary>The layers below that have the directory; null where it is new.</summary>
        public IReadOnlyList<LayerView>? Lower { get; init; }
    }
}
