using System.IO.Pipelines;

namespace Strake.Images;

/// <summary>
/// Lays the layers of an archive's images on one another. An archive holds each layer once, and images may need it in several
/// places: on different layers, or twice in one image. What was received serves the first place; further ones get a copy.
/// </summary>
/// <param name="layers">The store.</param>
/// <param name="ingest">What received the layers.</param>
/// <param name="held">Layers found in the store while the archive was read.</param>
sealed class LayerPlacement(IImageLayers layers, ILayerIngest ingest, IReadOnlyDictionary<DiffId, ChainId> held)
{
    readonly HashSet<int> _used = [];
    readonly HashSet<ChainId> _placed = [];
    readonly Dictionary<DiffId, ChainId> _stored = new(held);

    /// <summary>The chains that this has committed.</summary>
    public IReadOnlyCollection<ChainId> Placed => _placed;

    /// <summary>Makes an image's layers durable, in their places.</summary>
    public async Task PlaceAsync(ArchivedImage image, CancellationToken cancellationToken)
    {
        var stack = new List<ReceivedLayer>();
        ChainId? below = null;
        foreach (var (diffId, layer) in image.Config.DiffIds.Zip(image.Layers))
        {
            var chain = ChainId.Of(below, diffId);
            if (await ingest.HoldAsync(chain, cancellationToken) is not null)
                stack.Add(new ReceivedLayer(diffId, Receipt: null));
            else if (layer is ArchivedLayer.Received { Receipt: var receipt } && _used.Add(receipt.Token))
                stack.Add(new ReceivedLayer(diffId, receipt));
            else
                stack = [.. await CommitAsync(stack, cancellationToken), new ReceivedLayer(diffId, await CopyAsync(diffId, cancellationToken))];
            below = chain;
        }

        await CommitAsync(stack, cancellationToken);
    }

    /// <summary>Commits the layers so far; returns them as layers that are stored.</summary>
    async Task<IEnumerable<ReceivedLayer>> CommitAsync(List<ReceivedLayer> stack, CancellationToken cancellationToken)
    {
        if (stack.Count == 0) return [];
        foreach (var (chain, layer) in (await ingest.CommitAsync(stack, cancellationToken)).Zip(stack))
        {
            _stored[layer.DiffId] = chain;
            if (layer.Receipt is not null) _placed.Add(chain);
        }

        return [.. stack.Select(l => l with { Receipt = null })];
    }

    async Task<LayerReceipt> CopyAsync(DiffId layer, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        var writing = WriteAsync(_stored[layer], pipe.Writer, cancellationToken);
        var source = pipe.Reader.AsStream();
        await using (source)
        {
            var receipt = await ingest.ReceiveAsync(source, new LayerExpectation(DiffId: layer), progress: null, cancellationToken);
            await writing;
            return receipt;
        }
    }

    // A failure goes to the reader, which throws it.
    async Task WriteAsync(ChainId chain, PipeWriter target, CancellationToken cancellationToken)
    {
        try
        {
            await layers.WriteTarAsync(chain, target.AsStream(leaveOpen: true), cancellationToken);
            await target.CompleteAsync();
        }
        catch (Exception e)
        {
            await target.CompleteAsync(e);
        }
    }
}
