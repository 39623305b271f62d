using Strake.Images;

namespace Strake.Layers;

/// <summary>
/// Who needs which chain right now, in memory: an open ingest, a mount, a layer being made on top. A hold keeps a chain, whether it is
/// stored already or will be, from being collected; and while a collection decides on a chain, nobody gets hold of it.
/// </summary>
/// <remarks>Holds need not outlive the process: with it dies whatever held.</remarks>
sealed class LayerHolds
{
    readonly Lock gate = new();
    readonly Dictionary<ChainId, int> holders = [];
    readonly Dictionary<ChainId, TaskCompletionSource> claims = [];

    /// <summary>Holds a chain. Waits while a collection decides on it, which is two look-ups and a commit.</summary>
    /// <returns>The hold, to be disposed.</returns>
    public async ValueTask<IDisposable> HoldAsync(ChainId chain, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task decided;
            lock (gate)
            {
                if (!claims.TryGetValue(chain, out var claim))
                {
                    holders[chain] = holders.GetValueOrDefault(chain) + 1;
                    return new Hold(this, chain);
                }

                decided = claim.Task;
            }

            await decided.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Claims a chain for a decision on its removal.</summary>
    /// <returns>The claim, to be disposed when the decision is recorded; null when the chain is held or claimed.</returns>
    public IDisposable? TryClaim(ChainId chain)
    {
        lock (gate)
        {
            if (holders.ContainsKey(chain)) return null;
            var decided = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return claims.TryAdd(chain, decided) ? new Claim(this, chain) : null;
        }
    }

    void Release(ChainId chain)
    {
        lock (gate)
        {
            if (--holders[chain] == 0) holders.Remove(chain);
        }
    }

    void Decide(ChainId chain)
    {
        TaskCompletionSource? decided;
        lock (gate) claims.Remove(chain, out decided);
        decided?.SetResult();
    }

    sealed class Hold(LayerHolds holds, ChainId chain) : IDisposable
    {
        LayerHolds? owner = holds;

        public void Dispose() => Interlocked.Exchange(ref owner, null)?.Release(chain);
    }

    sealed class Claim(LayerHolds holds, ChainId chain) : IDisposable
    {
        LayerHolds? owner = holds;

        public void Dispose() => Interlocked.Exchange(ref owner, null)?.Decide(chain);
    }
}
