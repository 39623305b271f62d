namespace Strake.Images;

/// <summary>
/// Lets one change of the images happen at a time. A config's file and the record that names it cannot be written in one
/// transaction: without turns, the removal of an image could delete the file that a load of the same image has just found.
/// A turn holds small writes only; layers are received before it and collected after it.
/// </summary>
sealed class ChangeTurns
{
    readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for the turn; disposing the result gives it up.</summary>
    public async ValueTask<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        SemaphoreSlim? _turn = turn;

        public void Dispose() => Interlocked.Exchange(ref _turn, null)?.Release();
    }
}
