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
    public static IReadOnlyList<LayerChange> Changes(LayerContent layer, IReadOnlyList<LayerContent> parents, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>
    /// Writes the changes as an image layer's tar: sorted, the same bytes for the same files, removals as whiteouts. In the same pass it
    /// hashes, counts and writes the split record, so that a commit reads every file once.
    /// </summary>
    /// <param name="layer">The layer's own content; nobody writes to it meanwhile.</param>
    /// <param name="parents">The parents' own content, top layer first.</param>
    /// <param name="target">Receives the tar; <see cref="Stream.Null"/> when only its digest and record are wanted. Not closed.</param>
    /// <param name="splitRecord">Receives the split record for <paramref name="layer"/>'s directory; null when not wanted.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="StrakeException">Conflict: a file changed while it was read; names it.</exception>
    public static Task<WrittenLayer> WriteTarAsync(
        LayerContent layer, IReadOnlyList<LayerContent> parents, Stream target, Stream? splitRecord, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
