using System.Collections.Concurrent;

namespace Strake.Build;

/// <summary>
/// Work that several builds want at once and that is done once: by the first that comes, with what is its own. Where that one is given up, the
/// next of those that wait does it.
/// </summary>
/// <typeparam name="TKey">What names the work.</typeparam>
/// <typeparam name="T">What comes of it.</typeparam>
sealed class SharedWork<TKey, T>
    where TKey : notnull
{
    readonly ConcurrentDictionary<TKey, TaskCompletionSource<T>> running = new();

    /// <summary>Waits for work that is going on, or does it.</summary>
    /// <param name="key">The work.</param>
    /// <param name="work">Does it.</param>
    /// <param name="cancellationToken">Ends the wait, or the work.</param>
    /// <returns>What came of it, and whether somebody else did it.</returns>
    public async Task<(T Result, bool IsShared)> RunAsync(TKey key, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            var own = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            var one = running.GetOrAdd(key, own);
            if (ReferenceEquals(one, own)) return (await DoAsync(key, own, work, cancellationToken), false);
            try
            {
                return (await one.Task.WaitAsync(cancellationToken), true);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Who did it was given up.
            }
        }
    }

    async Task<T> DoAsync(TKey key, TaskCompletionSource<T> own, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            var result = await work(cancellationToken);
            running.TryRemove(key, out _);
            own.SetResult(result);
            return result;
        }
        catch (Exception e)
        {
            running.TryRemove(key, out _);
            if (e is OperationCanceledException) own.SetCanceled(CancellationToken.None);
            else own.SetException(e);
            // Whether anybody waited or not.
            _ = own.Task.Exception;
            throw;
        }
    }
}
