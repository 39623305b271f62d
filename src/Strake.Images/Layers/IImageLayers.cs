namespace Strake.Images;

/// <summary>
/// What the image store needs of whoever keeps layers. The image store knows bytes and never learns where they are
/// mounted; the layer store knows chains and never learns which image they belong to.
/// </summary>
/// <remarks>
/// Lifecycle: a layer that an ingest has committed is kept while the ingest is open, and afterwards while a reference
/// to its chain exists in the state store (<see cref="LayerReference"/>). The image store writes the reference in the
/// transaction that makes the image visible, before it disposes the ingest, so that no moment exists in which a
/// collection could take the layers away.
/// <example>
/// <code>
/// await using ILayerIngest ingest = layers.BeginIngest();
/// LayerReceipt receipt = await ingest.ReceiveAsync(stream, expected, progress, ct);
/// await ingest.CommitAsync([receipt], ct);
/// // … commit the image's record together with LayerReference.Key(chain, owner) …
/// </code>
/// </example>
/// </remarks>
public interface IImageLayers
{
    /// <summary>Opens an ingest: nothing that it receives is collected until it is disposed.</summary>
    ILayerIngest BeginIngest();

    /// <summary>
    /// Writes the exact bytes of the tar from which the top layer of <paramref name="chain"/> was made: their digest is
    /// its DiffID.
    /// </summary>
    /// <param name="chain">The chain whose top layer is wanted.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="StrakeException">
    /// NotFound: no such layer. DataLoss: a file of the layer was changed or is gone; names the file.
    /// </exception>
    Task WriteTarAsync(ChainId chain, Stream target, CancellationToken cancellationToken);

    /// <summary>The layer on top of <paramref name="chain"/>; null when it is not in the store.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    ValueTask<StoredLayer?> FindAsync(ChainId chain, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the top layer of each chain, and what lies below it, as far as nothing refers to it any more: no
    /// reference, no layer above, no container, no open ingest. Idempotent.
    /// </summary>
    /// <param name="chains">The chains that lost a reference.</param>
    /// <param name="cancellationToken">Honoured between two layers.</param>
    /// <returns>What was removed, top layers first.</returns>
    Task<IReadOnlyList<StoredLayer>> CollectAsync(IReadOnlyCollection<ChainId> chains, CancellationToken cancellationToken);
}
