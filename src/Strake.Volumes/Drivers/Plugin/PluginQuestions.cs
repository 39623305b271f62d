namespace Strake.Volumes;

/// <summary>
/// Questions that somebody waits for who has other things to do: after a second the asker goes on without the answer. While an answer is
/// overdue the plugin is asked nothing more of this kind, so that one that hangs costs a second once and nothing afterwards.
/// </summary>
sealed class PluginQuestions(TimeProvider time)
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    int overdue;

    /// <summary>Asks.</summary>
    /// <returns>The answer; null when it has not come in time, or is not to be expected.</returns>
    /// <exception cref="StrakeException">As the question throws.</exception>
    public async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
        where T : class
    {
        if (Volatile.Read(ref overdue) > 0)
            return null;
        // It goes on when the asker has gone: by its answer is seen that the plugin is back.
        Task<T> answer = ask(CancellationToken.None);
        try
        {
            return await answer.WaitAsync(s_patience, time, cancellationToken);
        }
        catch (Exception gone) when (gone is TimeoutException or OperationCanceledException && !answer.IsCompleted)
        {
            Interlocked.Increment(ref overdue);
            _ = answer.ContinueWith(late => Arrive(late), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    void Arrive(Task late)
    {
        // Looked at, so that a late failure is nobody's unobserved exception.
        _ = late.Exception;
        Interlocked.Decrement(ref overdue);
    }
}
