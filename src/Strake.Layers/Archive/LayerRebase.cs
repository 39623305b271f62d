using Microsoft.Win32.SafeHandles;
using Strake.Images.Tar;
using Strake.Layers.Archive.Comparison;
using Strake.Layers.Archive.Extraction;
using Strake.Layers.Archive.Paths;
using Strake.Layers.Archive.Trees;
using Strake.Linux;

namespace Strake.Layers.Archive;

/// <summary>What can be done for a layer written without its parents only once they are known.</summary>
/// <remarks>
/// A layer's hard link to a file of a lower layer becomes a copy of that file, under the link's name: the overlay would copy it up as well
/// when it is linked through a mount, and with it the file's other name, which the layer does not mention. Until then the name is absent.
/// <para>
/// Tars made by other tools than Docker may leave out the directories above their files. Written alone, such a layer has directories with
/// a mode and an owner that nobody chose, and would hide what the layers below say of them.
/// </para>
/// <para>
/// A whiteout of something that no layer below has is more than useless: in a directory that only one layer has, the overlay lists names
/// as they are on disk, so the whiteout is seen as a file that cannot be looked at or removed.
/// </para>
/// </remarks>
public static class LayerRebase
{
    /// <summary>
    /// Copies the files of lower layers that the layer's hard links name, gives directories that the layer made without an entry the mode,
    /// owner, times and attributes that they have below, takes away whiteouts that hide nothing, and turns a root that hides everything
    /// below into whiteouts, for the overlay merges roots whatever they say. Idempotent; cheap when there is nothing to do.
    /// </summary>
    /// <param name="layer">The layer's own content.</param>
    /// <param name="applied">What applying it left open.</param>
    /// <param name="parents">The parents' own content, top layer first.</param>
    /// <exception cref="StrakeException">Invalid: a hard link's file is in no layer below; names both.</exception>
    public static void Complete(LayerContent layer, AppliedLayer applied, IReadOnlyList<LayerContent> parents)
    {
        if (layer.Whiteouts == WhiteoutForm.Absent) return;
        using var view = new LayerView(layer);
        var isOpaque = layer.Whiteouts == WhiteoutForm.Overlay && view.IsOpaque(view.Root);
        if (applied.DeferredLinks.Count == 0 && applied.ImpliedDirectories.Count == 0 && applied.Whiteouts.Count == 0 && !isOpaque) return;

        var views = parents.Select(p => new LayerView(p)).ToList();
        try
        {
            foreach (var link in applied.DeferredLinks) CopyLink(view, link, views);
            foreach (var path in applied.Whiteouts) RemoveUseless(view, EntryPath.Of(path.Span), views);
            // Deepest first: what is left empty makes the one above empty.
            foreach (var path in applied.ImpliedDirectories.Reverse()) CompleteDirectory(view, EntryPath.Of(path.Span), views);
            if (isOpaque) HideRoots(view, views);
        }
        finally
        {
            foreach (var parent in views) parent.Dispose();
        }
    }

    static void HideRoots(LayerView layer, List<LayerView> parents)
    {
        using var lower = new LowerDirectory(parents, default);
        foreach (var name in lower.Names().Select(n => PathBytes.Terminate(n)))
        {
            if (layer.Look(layer.Root, name, out var stat) == LayerWord.Nothing)
                Syscall.MknodAt(layer.Root, name, FileKind.CharacterDevice, UnixFileMode.None);
            else if (stat.Kind == FileKind.Directory)
                SetOpaque(layer.Root, name);
        }
    }

    static void SetOpaque(SafeFileHandle parent, byte[] name)
    {
        using var directory = Syscall.OpenAt(parent, name, OpenFlags.Directory | OpenFlags.NoFollow);
        Whiteouts.SetOpaque(directory);
    }

    static void RemoveUseless(LayerView layer, EntryPath path, List<LayerView> parents)
    {
        using var parent = layer.TryOpen(path.Parent);
        // By now the layer may have a file there.
        if (parent is null || layer.Look(parent, path.NameTerminated, out _) != LayerWord.Hides) return;
        using var lower = new LowerPath(parents, path.Parent, layer);
        if (lower.Find(path) is null) Syscall.UnlinkAt(parent, path.NameTerminated);
    }

    static void CopyLink(LayerView layer, DeferredLink link, List<LayerView> parents)
    {
        var (path, target) = (EntryPath.Of(link.Path.Span), EntryPath.Of(link.Target.Span));
        using var parent = layer.TryOpen(path.Parent) ?? throw StrakeException.Invalid($"{path.Display}: its directory is gone");
        // There already: this is a repetition.
        var word = layer.Look(parent, path.NameTerminated, out _);
        if (word == LayerWord.Has) return;
        // The file may be a link that was completed before this one.
        using var holder = layer.TryOpen(target.Parent);
        if (holder is not null && layer.Look(holder, target.NameTerminated, out _) == LayerWord.Has)
        {
            if (word == LayerWord.Hides) Syscall.UnlinkAt(parent, path.NameTerminated);
            Syscall.LinkAt(holder, target.NameTerminated, parent, path.NameTerminated);
            return;
        }
        using var lower = new LowerPath(parents, target.Parent);
        if (lower.Find(target) is not { } found || found.Stat.Kind == FileKind.Directory)
            throw StrakeException.Invalid($"{path.Display}: a hard link to {target.Display}, which no layer has");
        if (word == LayerWord.Hides) Syscall.UnlinkAt(parent, path.NameTerminated);
        FileCopy.Copy(found.Directory, target.NameTerminated, parent, path.NameTerminated, found.Stat);
    }

    static void CompleteDirectory(LayerView layer, EntryPath path, List<LayerView> parents)
    {
        using var directory = layer.TryOpen(path.Bytes);
        if (directory is null) return;
        using var lower = new LowerPath(parents, path.Parent, layer);
        if (lower.Find(path) is { Stat.Kind: FileKind.Directory } found)
        {
            using var source = Syscall.OpenAt(found.Directory, path.NameTerminated, OpenFlags.Directory | OpenFlags.NoFollow);
            FileCopy.CopyMetadata(source, directory, found.Stat);
        }
        else if (TreeDirectory.Names(directory).Count == 0)
        {
            // Made for a whiteout alone, of something in a directory that is none below.
            using var parent = layer.TryOpen(path.Parent) ?? throw new InvalidOperationException("A directory without the one above it.");
            Syscall.TryUnlinkAt(parent, path.NameTerminated, AtFlags.RemoveDirectory);
        }
    }

    /// <summary>A directory of the layers below, found by going down from the root as the overlay does.</summary>
    sealed class LowerPath : IDisposable
    {
        readonly LowerDirectory? _directory;

        /// <summary>Goes down.</summary>
        /// <param name="layers">The layers below.</param>
        /// <param name="path">The directory.</param>
        /// <param name="above">A layer above, whose opaque directories hide theirs; null where those do not matter.</param>
        public LowerPath(IReadOnlyList<LayerView> layers, ReadOnlySpan<byte> path, LayerView? above = null)
        {
            var done = EntryPath.Of(default);
            for (var remaining = path; !Hides(above, done);)
            {
                if (remaining.IsEmpty)
                {
                    _directory = new LowerDirectory(layers, path);
                    return;
                }
                var slash = remaining.IndexOf((byte)'/');
                var next = EntryPath.Join(done.Bytes, slash < 0 ? remaining : remaining[..slash]);
                remaining = slash < 0 ? default : remaining[(slash + 1)..];
                using var directory = new LowerDirectory(layers, done.Bytes);
                if (directory.Find(next.NameTerminated) is not { Stat.Kind: FileKind.Directory } found) return;
                (layers, done) = (found.Layers, next);
            }
        }

        public LowerFile? Find(EntryPath path) => _directory?.Find(path.NameTerminated);

        public void Dispose() => _directory?.Dispose();

        static bool Hides(LayerView? above, EntryPath path)
        {
            using var directory = above?.TryOpen(path.Bytes);
            return directory is not null && above!.IsOpaque(directory);
        }
    }
}
