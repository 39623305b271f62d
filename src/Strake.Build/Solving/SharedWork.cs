using System.Collections.Concurrent;

namespace Strake.Build;

/// <summary>Work that several builds want at once and that is done once. It goes on while one of them waits for it.</summary>
/// <typeparam name="TKey">What names the work.</typeparam>
/// <typeparam name="T">What comes of it.</typeparam>
sealed class SharedWork<TKey, T>
    where TKey : notnull
{
    readonly ConcurrentDictionary<TKey, Work> running = new();

    /// <summary>Waits for work that is going on, or does it.</summary>
    /// <param name="key">The work.</param>
    /// <param name="work">Does it.</param>
    /// <param name="cancellationToken">Ends the wait; the work ends when nobody waits any more.</param>
    /// <returns>What came of it, and whether somebody else did it.</returns>
    public async Task<(T Result, bool IsShared)> RunAsync(TKey key, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            var own = new Work();
            var one = running.GetOrAdd(key, own);
            if (!one.TryJoin()) continue;
            try
            {
                if (ReferenceEquals(one, own)) _ = DoAsync(key, own, work);
                return (await one.Result.WaitAsync(cancellationToken), !ReferenceEquals(one, own));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Those who began it left just when this one came.
            }
            finally
            {
                one.Leave();
            }
        }
    }

    async Task DoAsync(TKey key, Work own, Func<CancellationToken, Task<T>> work)
    {
        try
        {
            var result = await Task.Run(() => work(own.Stop), own.Stop);
            running.TryRemove(new(key, own));
            own.Complete(result);
        }
        catch (Exception e)
        {
            running.TryRemove(new(key, own));
            own.Fail(e);
        }
    }

    sealed class Work
    {
        readonly TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly CancellationTokenSource stop = new();
        readonly Lock gate = new();
        int waiting;
        bool isOver;

        public Task<T> Result => result.Task;

        public CancellationToken Stop => stop.Token;

        public bool TryJoin()
        {
            lock (gate)
            {
                if (isOver) return false;
                waiting++;
                return true;
            }
        }

        public void Leave()
        {
            lock (gate)
            {
                if (--waiting > 0) return;
                isOver = true;
            }

            stop.Cancel();
        }

        public void Complete(T value) => result.TrySetResult(value);

        public void Fail(Exception e)
        {
            if (e is OperationCanceledException) result.TrySetCanceled();
            else result.TrySetException(e);
        }
    }
}
