namespace Strake.Daemon.BuildKit.Solving;

/// <summary>The solves that run, and those that were. Who asks for one that is not there yet waits for it: a client's calls come in any order.</summary>
/// <param name="time">The clock of the waiting.</param>
sealed class SolveTable(TimeProvider time)
{
    /// <summary>How long a call may come before the solve that it is about.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(6);

    // Of builds, and of the probes that clients make as well: a call about one may come after its end.
    const int MaxRemembered = 50;
    const long MaxRememberedLogBytes = 16L * 1024 * 1024;

    readonly Lock gate = new();
    readonly Dictionary<string, Solve> running = new(StringComparer.Ordinal);
    readonly List<SolveRecord> records = [];
    TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All that are remembered, the oldest first.</summary>
    public IReadOnlyList<SolveRecord> Records
    {
        get
        {
            lock (gate) return [.. records];
        }
    }

    /// <summary>Adds a solve that begins.</summary>
    /// <exception cref="StrakeException">Conflict: one of its name is there.</exception>
    public void Add(Solve solve, SolveRecord record)
    {
        lock (gate)
        {
            if (records.Exists(known => known.Ref == record.Ref)) throw StrakeException.Conflict($"build {record.Ref} already exists");
            running.Add(record.Ref, solve);
            records.Add(record);
            Signal();
        }
    }

    /// <summary>A solve is over; it is remembered.</summary>
    public void End(string id)
    {
        lock (gate)
        {
            running.Remove(id);
            Trim();
            Signal();
        }
    }

    /// <summary>Forgets a solve that is over.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Forget(string id)
    {
        lock (gate)
        {
            int removed = records.RemoveAll(record => record.Ref == id && !running.ContainsKey(id));
            if (removed > 0) Signal();
            return removed > 0;
        }
    }

    /// <summary>A solve that runs.</summary>
    /// <exception cref="StrakeException">NotFound: there is none, and none came.</exception>
    public Task<Solve> GetRunningAsync(string id, CancellationToken cancellationToken) =>
        WaitAsync(id, () => running.GetValueOrDefault(id), cancellationToken);

    /// <summary>A solve that runs or is remembered.</summary>
    /// <exception cref="StrakeException">NotFound: there is none, and none came.</exception>
    public Task<SolveRecord> GetRecordAsync(string id, CancellationToken cancellationToken) =>
        WaitAsync(id, () => records.Find(record => record.Ref == id), cancellationToken);

    /// <summary>Completes when something has been added, has ended, or was forgotten.</summary>
    public Task ChangeAsync()
    {
        lock (gate) return changed.Task;
    }

    async Task<T> WaitAsync<T>(string id, Func<T?> find, CancellationToken cancellationToken)
        where T : class
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        while (true)
        {
            Task change;
            lock (gate)
            {
                if (find() is { } found) return found;
                change = changed.Task;
            }

            try
            {
                await change.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw StrakeException.NotFound($"no such job {id}");
            }
        }
    }

    void Trim()
    {
        foreach (bool isInternal in (bool[])[false, true])
        {
            List<SolveRecord> over = records.FindAll(record => record.IsInternal == isInternal && IsOver(record));
            foreach (SolveRecord oldest in over.Take(over.Count - MaxRemembered)) records.Remove(oldest);
        }

        long logs = 0;
        foreach (SolveRecord record in Enumerable.Reverse(records))
        {
            if (!IsOver(record)) continue;
            logs += record.Progress.LogBytes;
            if (logs > MaxRememberedLogBytes) record.Progress.DropLogs();
        }
    }

    bool IsOver(SolveRecord record) => !running.ContainsKey(record.Ref);

    void Signal()
    {
        changed.TrySetResult();
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
