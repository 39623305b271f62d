using System.Threading.Channels;

namespace Strake.Kubernetes.Controllers;

/// <summary>
/// Keys of what is to be looked at. Laws: a key that was added is taken after that; added again before it is taken, it is taken once; added while it is worked on,
/// it is taken once more when that is done, and not before: nobody works on a key twice at once. What failed waits as its back-off says, unless it is added anew.
/// </summary>
/// <remarks>It holds each key once, so that its bound is the number of objects.</remarks>
/// <typeparam name="TKey">What names the work.</typeparam>
public sealed class WorkQueue<TKey>(TimeProvider time, BackOff backOff) : IDisposable
    where TKey : notnull
{
    readonly Lock gate = new();
    readonly Channel<TKey> ready = Channel.CreateUnbounded<TKey>();
    readonly HashSet<TKey> waiting = [];
    readonly HashSet<TKey> underWay = [];
    readonly Dictionary<TKey, int> failures = [];
    readonly Dictionary<TKey, ITimer> retries = [];
    readonly Dictionary<TKey, ITimer> later = [];
    bool disposed;

    /// <summary>Adds a key.</summary>
    /// <param name="key">The key.</param>
    public void Add(TKey key)
    {
        lock (gate)
        {
            if (disposed || !waiting.Add(key) || underWay.Contains(key)) return;
            ready.Writer.TryWrite(key);
        }
    }

    /// <summary>Adds a key when some time has passed; of several such times the last given counts.</summary>
    /// <param name="key">The key.</param>
    /// <param name="wait">The time.</param>
    public void AddLater(TKey key, TimeSpan wait)
    {
        lock (gate)
        {
            if (disposed) return;
            if (later.Remove(key, out ITimer? earlier)) earlier.Dispose();
            later[key] = time.CreateTimer(_ => AddNow(key), null, wait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Works on keys until it is cancelled, on several at once.</summary>
    /// <param name="workers">How many at once.</param>
    /// <param name="work">The work on one key; when it throws, the key is tried again later.</param>
    /// <param name="failed">Told of each failure; must not throw.</param>
    /// <param name="cancellationToken">Ends it; returns when the work under way has ended.</param>
    public Task RunAsync(int workers, Func<TKey, CancellationToken, Task> work, Action<TKey, Exception> failed, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(work, failed, cancellationToken), CancellationToken.None)));

    /// <summary>Drops what waits.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (ITimer timer in retries.Values.Concat(later.Values)) timer.Dispose();
            retries.Clear();
            later.Clear();
            ready.Writer.TryComplete();
        }
    }

    void AddNow(TKey key)
    {
        lock (gate)
            if (later.Remove(key, out ITimer? timer)) timer.Dispose();
        Add(key);
    }

    async Task WorkAsync(Func<TKey, CancellationToken, Task> work, Action<TKey, Exception> failed, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && await NextAsync(cancellationToken) is (true, var key))
        {
            try
            {
                await work(key, cancellationToken);
                Done(key, hasFailed: false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The restart finds the key by itself.
                Done(key, hasFailed: false);
            }
            catch (Exception e)
            {
                // One broken object must not keep the others from being looked at.
                failed(key, e);
                Done(key, hasFailed: true);
            }
        }
    }

    async ValueTask<(bool Found, TKey Key)> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            TKey key = await ready.Reader.ReadAsync(cancellationToken);
            lock (gate)
            {
                waiting.Remove(key);
                underWay.Add(key);
                if (retries.Remove(key, out ITimer? retry)) retry.Dispose();
            }

            return (true, key);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The end of the queue, and no key.
            return default;
        }
    }

    void Done(TKey key, bool hasFailed)
    {
        lock (gate)
        {
            underWay.Remove(key);
            if (!hasFailed) failures.Remove(key);
            if (disposed) return;
            if (waiting.Contains(key)) ready.Writer.TryWrite(key);
            else if (hasFailed) RetryLater(key);
        }
    }

    void RetryLater(TKey key)
    {
        int count = failures[key] = failures.GetValueOrDefault(key) + 1;
        retries[key] = time.CreateTimer(_ => Add(key), null, backOff.After(count), Timeout.InfiniteTimeSpan);
    }
}
