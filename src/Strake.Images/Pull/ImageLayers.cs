namespace Strake.Images;

/// <summary>The layers of one image that is being pulled: those that are stored already, and those that have to come.</summary>
sealed class ImageLayers(
    PullSession session, IRemoteRepository repository, ImageManifest manifest, ImageConfig config, IProgress<TransferProgress> progress)
{
    /// <summary>Has all layers stored, on one another; brings in those that are missing, several at once.</summary>
    /// <returns>What came, by the blobs' digests.</returns>
    /// <exception cref="StrakeException">What went wrong first; the other transfers are left then.</exception>
    public async Task<IReadOnlyDictionary<Digest, LayerReceipt>> ReceiveAsync(CancellationToken cancellationToken)
    {
        var held = await HoldAsync(cancellationToken);
        var missing = manifest.Layers.Skip(held).DistinctBy(l => l.Digest).ToList();
        foreach (var blob in manifest.Layers.Take(held)) Tell("Already exists", blob);
        foreach (var blob in missing) Tell("Pulling fs layer", blob);

        var receipts = await ReceiveAsync(missing, cancellationToken);
        var layers = config.DiffIds.Zip(manifest.Layers, (layer, blob) => new ReceivedLayer(layer, receipts.GetValueOrDefault(blob.Digest)));
        await session.CommitAsync([.. layers.Select((l, i) => i < held ? l with { Receipt = null } : l)], cancellationToken);
        foreach (var blob in missing) Tell("Pull complete", blob);
        return receipts;
    }

    void Tell(string status, Descriptor blob) => progress.Report(new TransferProgress(status, LayerDownload.IdOf(blob)));

    /// <returns>How many layers are stored, from the lowest on: a chain is stored with all below it.</returns>
    async Task<int> HoldAsync(CancellationToken cancellationToken)
    {
        var held = 0;
        foreach (var chain in ChainId.Of(config.DiffIds))
        {
            if (await session.HoldAsync(chain, cancellationToken) is null) break;
            held++;
        }

        return held;
    }

    async Task<Dictionary<Digest, LayerReceipt>> ReceiveAsync(List<Descriptor> missing, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;

        // The largest first: what is begun last is what all wait for in the end.
        var transfers = missing.OrderByDescending(l => l.SizeBytes).Select(ReceiveOneAsync).ToList();
        var received = await Task.WhenAll(transfers);
        cancellationToken.ThrowIfCancellationRequested();
        if (first is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        return received.ToDictionary(r => r!.Blob, r => r!);

        async Task<LayerReceipt?> ReceiveOneAsync(Descriptor blob)
        {
            try
            {
                var receipt = await session.ReceiveAsync(blob, repository, progress, stop.Token);
                Verify(receipt);
                return receipt;
            }
            catch (Exception e)
            {
                // What counts is what failed first, not what was stopped for it.
                Interlocked.CompareExchange(ref first, e, null);
                await stop.CancelAsync();
                return null;
            }
        }
    }

    void Verify(LayerReceipt receipt)
    {
        foreach (var (layer, blob) in config.DiffIds.Zip(manifest.Layers))
        {
            if (blob.Digest == receipt.Blob && layer != receipt.DiffId)
                throw StrakeException.DataLoss($"layer {blob.Digest}: its tar is {receipt.DiffId}, and the image's config says {layer}");
        }
    }
}
