namespace Strake.State.Sqlite;

/// <summary>
/// A transaction on its way through the writer, and its caller's wait. It is cancelled or taken up, never both: taking it up is the
/// point of no return.
/// </summary>
sealed class PendingCommit(StateTransaction transaction)
{
    const int Waiting = 0;
    const int Taken = 1;
    const int Cancelled = 2;

    // Callers go on elsewhere, not on the writer's thread.
    readonly TaskCompletionSource<CommitResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _state = Waiting;
    CommitResult? _result;

    public StateTransaction Transaction => transaction;

    public Task<CommitResult> Completion => _completion.Task;

    /// <summary>Takes the transaction up; false when its caller has given it up before.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    public void Cancel(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting) _completion.SetCanceled(cancellationToken);
    }

    /// <summary>Notes what has been decided; the caller learns it by <see cref="Complete"/>, when it is durable.</summary>
    public void Decide(CommitResult result) => _result = result;

    public void Complete()
    {
        if (_result is not null) _completion.TrySetResult(_result);
    }

    public void Fail(Exception reason) => _completion.TrySetException(reason);
}
