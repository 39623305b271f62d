namespace Strake.Images;

/// <summary>
/// A layer on its way from a registry into an ingest. Several may follow it, each with a progress of its own; it is cancelled when the
/// last of them leaves.
/// </summary>
sealed class LayerTransfer : IProgress<TransferProgress>
{
    readonly Lock _gate = new();
    readonly List<IProgress<TransferProgress>> _followers = [];
    readonly CancellationTokenSource _stop = new();
    TransferProgress? _last;
    bool _isGivenUp;

    /// <summary>Begins a transfer; nobody follows it yet.</summary>
    /// <param name="run">The transfer: tells its progress, and ends with the receipt.</param>
    public LayerTransfer(Func<IProgress<TransferProgress>, CancellationToken, Task<LayerReceipt>> run) =>
        Receipt = Task.Run(() => run(this, _stop.Token), CancellationToken.None);

    /// <summary>The layer, received and verified; or why it was not.</summary>
    public Task<LayerReceipt> Receipt { get; }

    /// <summary>Joins those who follow; tells at once how far it is.</summary>
    /// <returns>False when the last follower has left and the transfer ends: begin another.</returns>
    public bool TryFollow(IProgress<TransferProgress> follower)
    {
        lock (_gate)
        {
            if (_isGivenUp) return false;
            _followers.Add(follower);
            if (_last is not null) follower.Report(_last);
            return true;
        }
    }

    /// <summary>Leaves; the last one ends the transfer, unless it is over.</summary>
    public void Leave(IProgress<TransferProgress> follower)
    {
        lock (_gate)
        {
            _followers.Remove(follower);
            if (_followers.Count > 0 || Receipt.IsCompleted) return;
            _isGivenUp = true;
        }

        _stop.Cancel();
    }

    // Under the gate: no follower gets a line after it has left, and a late one misses none.
    void IProgress<TransferProgress>.Report(TransferProgress value)
    {
        lock (_gate)
        {
            _last = value;
            foreach (var follower in _followers) follower.Report(value);
        }
    }
}
