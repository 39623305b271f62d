namespace Strake.Volumes;

/// <summary>
/// Lets one operation at a time work on a name, in the order of arrival, while other names go on: a driver that hangs
/// on one volume holds up nobody else. Names that nobody works on cost nothing.
/// </summary>
sealed class NameQueue
{
    readonly Lock gate = new();
    readonly Dictionary<string, Turn> turns = new(StringComparer.Ordinal);

    /// <summary>Waits for the name's turn; dispose what is returned to end it.</summary>
    public async ValueTask<IDisposable> EnterAsync(VolumeName name, CancellationToken cancellationToken)
    {
        string key = name.ToString();
        Turn turn;
        lock (gate)
        {
            turn = turns.TryGetValue(key, out Turn? waiting) ? waiting : turns[key] = new Turn();
            turn.Visitors++;
        }

        try
        {
            await turn.Free.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(key, turn);
            throw;
        }

        return new Visit(this, key, turn);
    }

    /// <summary>As <see cref="EnterAsync"/>, for two names that are not the same: always in one order, so that nobody waits in a circle.</summary>
    public async ValueTask<IDisposable> EnterBothAsync(VolumeName one, VolumeName other, CancellationToken cancellationToken)
    {
        bool inOrder = string.CompareOrdinal(one.ToString(), other.ToString()) < 0;
        IDisposable first = await EnterAsync(inOrder ? one : other, cancellationToken);
        try
        {
            return new Both(first, await EnterAsync(inOrder ? other : one, cancellationToken));
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    void Leave(string key, Turn turn)
    {
        lock (gate)
        {
            if (--turn.Visitors == 0)
            {
                turns.Remove(key);
                turn.Free.Dispose();
            }
        }
    }

    sealed class Turn
    {
        public SemaphoreSlim Free { get; } = new(1, 1);

        public int Visitors { get; set; }
    }

    sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            second.Dispose();
            first.Dispose();
        }
    }

    sealed class Visit(NameQueue queue, string key, Turn turn) : IDisposable
    {
        int over;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref over, 1) != 0)
                return;
            turn.Free.Release();
            queue.Leave(key, turn);
        }
    }
}
