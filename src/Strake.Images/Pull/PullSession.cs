namespace Strake.Images;

/// <summary>
/// What pulls that have layers in common do together: one ingest, and one transfer for each layer, whoever asked for it first.
/// </summary>
/// <remarks>It lives as long as one of them is in it. A failed transfer is nobody's any more: who still wants the layer begins another.</remarks>
sealed class PullSession(ILayerIngest ingest, LayerDownload download)
{
    readonly Lock _gate = new();
    readonly Dictionary<Digest, LayerTransfer> _transfers = [];
    readonly List<Task> _begun = [];
    readonly SemaphoreSlim _commit = new(1, 1);

    /// <summary>The blobs of all images in it; the owner's to guard, with <see cref="Members"/>.</summary>
    public HashSet<Digest> Blobs { get; } = [];

    /// <summary>How many pulls are in it; the owner's to guard.</summary>
    public int Members { get; set; }

    /// <summary>Keeps the layer that is stored under a chain; null when none is.</summary>
    public ValueTask<StoredLayer?> HoldAsync(ChainId chain, CancellationToken cancellationToken) => ingest.HoldAsync(chain, cancellationToken);

    /// <summary>Brings a layer in, or waits for the transfer that does.</summary>
    /// <param name="blob">The layer as the manifest has it.</param>
    /// <param name="source">Where to get it from, unless somebody is getting it already.</param>
    /// <param name="progress">Told how far it is; one and the same instance must not follow a layer twice.</param>
    /// <param name="cancellationToken">Leaves the transfer; it goes on for others.</param>
    /// <exception cref="StrakeException">As <see cref="LayerDownload.RunAsync"/>.</exception>
    public async Task<LayerReceipt> ReceiveAsync(
        Descriptor blob, IRemoteRepository source, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (transfer, isOwn) = Follow(blob, source, progress);
            try
            {
                return await transfer.Receipt.WaitAsync(cancellationToken);
            }
            catch (Exception) when (!isOwn && transfer.Receipt.IsCompleted && !cancellationToken.IsCancellationRequested)
            {
                // Somebody else's source failed, or he was refused; ours may do.
                Forget(blob.Digest, transfer);
            }
            catch
            {
                Forget(blob.Digest, transfer);
                throw;
            }
            finally
            {
                transfer.Leave(progress);
            }
        }
    }

    /// <summary>Lays an image's layers on one another; one image at a time, for they may share what was received.</summary>
    public async Task CommitAsync(IReadOnlyList<ReceivedLayer> layers, CancellationToken cancellationToken)
    {
        await _commit.WaitAsync(cancellationToken);
        try
        {
            await ingest.CommitAsync(layers, cancellationToken);
        }
        finally
        {
            _commit.Release();
        }
    }

    /// <summary>Ends the session: nobody is in it any more.</summary>
    public async Task EndAsync()
    {
        List<Task> begun;
        lock (_gate) begun = [.. _begun];
        // All were left by their followers and have ended, or are about to.
        foreach (var transfer in begun) await transfer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ingest.DisposeAsync();
        _commit.Dispose();
    }

    (LayerTransfer Transfer, bool IsOwn) Follow(Descriptor blob, IRemoteRepository source, IProgress<TransferProgress> progress)
    {
        lock (_gate)
        {
            if (_transfers.TryGetValue(blob.Digest, out var transfer) && transfer.TryFollow(progress)) return (transfer, IsOwn: false);
            transfer = new LayerTransfer((tell, stop) => download.RunAsync(blob, source, ingest, tell, stop));
            transfer.TryFollow(progress);
            _transfers[blob.Digest] = transfer;
            _begun.Add(transfer.Receipt);
            return (transfer, IsOwn: true);
        }
    }

    // One that succeeded stays: its receipt serves whoever comes.
    void Forget(Digest blob, LayerTransfer transfer)
    {
        lock (_gate)
        {
            if (!transfer.Receipt.IsCompletedSuccessfully && _transfers.TryGetValue(blob, out var current) && ReferenceEquals(current, transfer))
            {
                // While it goes on for others it stays theirs, and open to all.
                if (transfer.Receipt.IsCompleted) _transfers.Remove(blob);
            }
        }
    }
}
