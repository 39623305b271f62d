using Strake.Images.Tar;
using Strake.Layers.Archive.Comparison;
using Strake.Layers.Archive.Extraction;
using Strake.Layers.Archive.Paths;
using Strake.Layers.Archive.Split;
using Strake.Layers.Archive.Trees;
using Strake.Linux;

namespace Strake.Layers.Archive;

/// <summary>What a layer changes of the layers below it.</summary>
public static class LayerDiff
{
    /// <summary>
    /// The changes, sorted by path. A directory in which something changed is itself <see cref="LayerChangeKind.Modified"/>; what was in a
    /// removed directory is not listed apart.
    /// </summary>
    /// <param name="layer">The layer's own content.</param>
    /// <param name="parents">The parents' own content, top layer first. For <see cref="WhiteoutForm.Absent"/> only the first is looked at: it is whole.</param>
    /// <param name="cancellationToken">Stops between two directories.</param>
    /// <exception cref="StrakeException">NotSupported: the layer was written through an overlay mounted with redirect_dir.</exception>
    public static IReadOnlyList<LayerChange> Changes(LayerContent layer, IReadOnlyList<LayerContent> parents, CancellationToken cancellationToken)
    {
        using var view = new LayerView(layer);
        using var below = new ParentViews(layer, parents);
        var differences = new LayerComparison(view, below.Views, forArchive: false, cancellationToken).Run();
        var changes = differences.ConvertAll(static d => new LayerChange((byte[])[(byte)'/', .. d.Path.Bytes], d.Kind));
        changes.Sort(static (x, y) => x.Path.Span.SequenceCompareTo(y.Path.Span));
        return changes;
    }

    /// <summary>
    /// Writes the changes as an image layer's tar: sorted, the same bytes for the same files, removals as whiteouts. In the same pass it
    /// hashes, counts and writes the split record, so that a commit reads every file once.
    /// </summary>
    /// <param name="layer">The layer's own content; nobody writes to it meanwhile.</param>
    /// <param name="parents">The parents' own content, top layer first.</param>
    /// <param name="target">Receives the tar; <see cref="Stream.Null"/> when only its digest and record are wanted. Not closed.</param>
    /// <param name="splitRecord">Receives the split record for <paramref name="layer"/>'s directory; null when not wanted.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <param name="latest">The latest time that an entry may have; null: any. With another one the tar is no longer of the files as they are.</param>
    /// <exception cref="StrakeException">
    /// Conflict: a file changed while it was read; names it. NotSupported: a changed file's name begins with <c>.wh.</c>, by which a layer tells
    /// removals; or the layer was written through an overlay mounted with redirect_dir.
    /// </exception>
    public static async Task<WrittenLayer> WriteTarAsync(
        LayerContent layer, IReadOnlyList<LayerContent> parents, Stream target, Stream? splitRecord, CancellationToken cancellationToken, TarTime? latest = null)
    {
        using var view = new LayerView(layer);
        using var below = new ParentViews(layer, parents);
        var differences = await Task.Run(() => new LayerComparison(view, below.Views, forArchive: true, cancellationToken).Run(), cancellationToken);
        foreach (var difference in differences) RequireTellable(difference.Path);

        using var record = splitRecord is null ? null : new SplitRecordWriter(splitRecord);
        using var output = new TreeTarOutput(target, hashes: true, record, latest);
        using var open = new OpenParent(view);
        try
        {
            foreach (var difference in differences) await WriteAsync(difference, open, output, cancellationToken);
            await output.CompleteAsync(cancellationToken);
            var diffId = output.Digest();
            record?.Complete(diffId);
            return new WrittenLayer(diffId, output.Length, new LayerUsage(output.SizeBytes, output.Inodes), output.Notes);
        }
        catch (IOException error) when (ExtractionErrors.IsNoSpace(error))
        {
            throw ExtractionErrors.NoSpace(view.Root, "writing the layer's changes", error);
        }
    }

    static async ValueTask WriteAsync(LayerDifference difference, OpenParent open, TreeTarOutput output, CancellationToken cancellationToken)
    {
        var path = difference.Path;
        if (difference.Kind == LayerChangeKind.Deleted)
        {
            await output.MarkerAsync(Marker(path.Parent, [.. ".wh."u8, .. path.Name]), default, cancellationToken);
            return;
        }
        var directory = open.Of(path) ?? throw Gone(path);
        var written = path.IsRoot
            ? await output.FileAsync(directory, EntryPath.Of("."u8), [(byte)'.'], cancellationToken)
            : await output.FileAsync(directory, path, path.Bytes.ToArray(), cancellationToken);
        if (written is null) throw Gone(path);
        if (difference.HidesContent) await output.MarkerAsync(Marker(path.Bytes, [.. ".wh..wh..opq"u8]), default, cancellationToken);
    }

    // Its own name, or that of a directory above it, would be read as a whiteout.
    static void RequireTellable(EntryPath path)
    {
        if (path.Bytes.StartsWith(".wh."u8) || path.Bytes.IndexOf("/.wh."u8) >= 0)
            throw StrakeException.NotSupported($"{path.Display} cannot be told of in a layer's tar, where such a name means a removal: give it another name");
    }

    static byte[] Marker(ReadOnlySpan<byte> directory, byte[] name) => EntryPath.Join(directory, name).Bytes.ToArray();

    static StrakeException Gone(EntryPath path) => StrakeException.Conflict($"{path.Display} disappeared while its layer was read: try again");

    /// <summary>The directory that the last file was in: mostly the next one's too.</summary>
    sealed class OpenParent(LayerView layer) : IDisposable
    {
        Microsoft.Win32.SafeHandles.SafeFileHandle? _handle;
        byte[] _path = [];

        public Microsoft.Win32.SafeHandles.SafeFileHandle? Of(EntryPath path)
        {
            if (_handle is not null && path.Parent.SequenceEqual(_path)) return _handle;
            _handle?.Dispose();
            _path = path.Parent.ToArray();
            return _handle = layer.TryOpen(_path);
        }

        public void Dispose() => _handle?.Dispose();
    }

    /// <summary>The layers below, opened.</summary>
    sealed class ParentViews(LayerContent layer, IReadOnlyList<LayerContent> parents) : IDisposable
    {
        public IReadOnlyList<LayerView> Views { get; } =
            [.. parents.Take(layer.Whiteouts == WhiteoutForm.Absent ? 1 : parents.Count).Select(p => new LayerView(p))];

        public void Dispose()
        {
            foreach (var view in Views) view.Dispose();
        }
    }
}
