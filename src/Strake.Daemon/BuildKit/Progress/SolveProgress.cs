using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Strake.Daemon.BuildKit.Wire;

namespace Strake.Daemon.BuildKit.Progress;

/// <summary>
/// All that is said of a solve, in order. Readers begin at the start whenever they come; of numbers that were overtaken by newer ones before a
/// reader got to them it sees the newest.
/// </summary>
/// <param name="time">The clock.</param>
sealed class SolveProgress(TimeProvider time) : ISolveProgress
{
    /// <summary>How much all steps may print together; what is more is clipped, whoever printed it.</summary>
    const long MaxLogBytes = 64L * 1024 * 1024;

    // Far below the 4 MiB that a client takes at a time.
    const int MaxResponseLogBytes = 256 * 1024;
    const int MaxResponseItems = 512;
    const int MaxWarnings = 1000;

    static readonly byte[] s_full = "\n[output of the build clipped, log limit 64MiB reached]\n"u8.ToArray();

    readonly Lock gate = new();
    readonly List<IMessage?> items = [];
    readonly Dictionary<string, Step> steps = new(StringComparer.Ordinal);
    TaskCompletionSource? changed;
    bool isOver;
    int warningCount;

    /// <summary>How many bytes its logs take.</summary>
    public long LogBytes { get; private set; }

    /// <summary>Where the error lies that the solve failed with.</summary>
    public SourceSpot? Spot { get; private set; }

    /// <summary>The digest of the step that failed.</summary>
    public string? FailedStep { get; private set; }

    /// <inheritdoc/>
    public void Announce(ProgressStep step) => Change(() => Find(step));

    /// <inheritdoc/>
    public void Begin(ProgressStep step) => Change(() =>
    {
        Step known = Find(step);
        if (known.Vertex.Started is not null) return;
        known.Vertex.Started = Now();
        items.Add(known.Vertex.Clone());
    });

    /// <inheritdoc/>
    public void Log(ProgressStep step, bool isError, ReadOnlySpan<byte> text)
    {
        lock (gate)
        {
            if (isOver || !steps.TryGetValue(step.Digest, out Step? known) || known.IsDone || text.IsEmpty) return;
            AddLog(known, isError, known.Log.Add(text));
            Signal();
        }
    }

    /// <inheritdoc/>
    public void Count(ProgressStep step, string id, long current, long total, bool isDone) => Change(() =>
    {
        if (!steps.TryGetValue(step.Digest, out Step? known) || known.IsDone) return;
        Timestamp now = Now();
        var status = new VertexStatus { Id = id, Vertex = step.Digest, Current = current, Total = total, Timestamp = now, Started = now };
        if (known.Counts.TryGetValue(id, out int before))
        {
            status.Started = known.Started[id];
            items[before] = null;
        }
        else
        {
            known.Started.Add(id, now);
        }

        if (isDone) status.Completed = now;
        known.Counts[id] = items.Count;
        items.Add(status);
    });

    /// <inheritdoc/>
    public void Complete(ProgressStep step, bool isCached, string? error) => Change(() =>
    {
        Step known = Find(step);
        if (known.IsDone) return;
        End(known, isCached, error);
    });

    /// <inheritdoc/>
    public void Warn(ProgressWarning warning) => Change(() =>
    {
        if (++warningCount > MaxWarnings) return;
        string step = warning.Step ?? OwnStep("[internal] settings").Vertex.Digest;
        var message = new VertexWarning { Vertex = step, Level = 1, Short = ByteString.CopyFromUtf8(warning.Text), Url = warning.Url };
        message.Detail.AddRange(warning.Detail.Select(ByteString.CopyFromUtf8));
        if (warning.Spot is { } spot)
        {
            message.Info = new SourceInfo { Filename = spot.FileName, Data = ByteString.CopyFrom(spot.Content.Span), Language = "Dockerfile" };
            message.Ranges.Add(new Wire.Range { Start = new Position { Line = spot.FirstLine }, End = new Position { Line = spot.LastLine } });
        }

        items.Add(message);
    });

    /// <inheritdoc/>
    public void Blame(SourceSpot? spot, ProgressStep? step)
    {
        lock (gate)
        {
            Spot = spot;
            FailedStep = step?.Digest;
        }
    }

    /// <summary>The solve is over: readers end when they have read everything.</summary>
    /// <param name="error">Why it failed; null: it did not. Steps that were under way failed with it.</param>
    public void End(string? error)
    {
        lock (gate)
        {
            if (isOver) return;
            foreach (Step step in steps.Values)
                if (!step.IsDone && step.Vertex.Started is not null) End(step, isCached: false, error is null ? null : "context canceled: " + error);
            isOver = true;
            Signal();
        }
    }

    /// <summary>How many steps there are: known, cached, completed; and how many warnings.</summary>
    public (int Known, int Cached, int Completed, int Warnings) Totals()
    {
        lock (gate)
        {
            return (steps.Count, steps.Values.Count(static step => step.Vertex.Cached), steps.Values.Count(static step => step.IsDone), Math.Min(warningCount, MaxWarnings));
        }
    }

    /// <summary>Lets go of what was printed; of use only for a solve that is over.</summary>
    public void DropLogs()
    {
        lock (gate)
        {
            for (int i = 0; i < items.Count; i++)
                if (items[i] is VertexLog) items[i] = null;
            LogBytes = 0;
        }
    }

    /// <summary>All that is said, from the start, as it comes.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<StatusResponse> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int at = 0;
        while (true)
        {
            StatusResponse response = new();
            Task? waiting = null;
            lock (gate)
            {
                at = Collect(at, response);
                if (IsEmpty(response))
                {
                    if (isOver) yield break;
                    changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    waiting = changed.Task;
                }
            }

            if (waiting is null) yield return response;
            else await waiting.WaitAsync(cancellationToken);
        }
    }

    // Takes items over into a response until it is full, and says where to go on.
    int Collect(int at, StatusResponse response)
    {
        int bytes = 0;
        for (int count = 0; at < items.Count && count < MaxResponseItems && bytes < MaxResponseLogBytes; at++)
        {
            switch (items[at])
            {
                case null:
                    continue;
                case Vertex vertex:
                    response.Vertexes.Add(vertex);
                    break;
                case VertexStatus status:
                    response.Statuses.Add(status);
                    break;
                case VertexLog log:
                    response.Logs.Add(log);
                    bytes += log.Msg.Length;
                    break;
                case VertexWarning warning:
                    response.Warnings.Add(warning);
                    break;
            }

            count++;
        }

        return at;
    }

    static bool IsEmpty(StatusResponse response) =>
        response.Vertexes.Count == 0 && response.Statuses.Count == 0 && response.Logs.Count == 0 && response.Warnings.Count == 0;

    Step Find(ProgressStep step)
    {
        if (steps.TryGetValue(step.Digest, out Step? known)) return known;
        known = new Step(new Vertex { Digest = step.Digest, Name = step.Name });
        known.Vertex.Inputs.AddRange(step.Inputs);
        steps.Add(step.Digest, known);
        items.Add(known.Vertex.Clone());
        return known;
    }

    // A step that exists only so that something can belong to it.
    Step OwnStep(string name)
    {
        Step step = Find(ProgressStep.Of(name, name));
        if (step.IsDone) return step;
        step.Vertex.Started = Now();
        End(step, isCached: false, error: null);
        return step;
    }

    void End(Step step, bool isCached, string? error)
    {
        AddLog(step, isError: false, step.Log.End());
        Timestamp now = Now();
        step.Vertex.Started ??= now;
        step.Vertex.Completed = now;
        step.Vertex.Cached = isCached;
        step.Vertex.Error = error ?? "";
        items.Add(step.Vertex.Clone());
    }

    void AddLog(Step step, bool isError, byte[] text)
    {
        if (text.Length == 0 || LogBytes > MaxLogBytes) return;
        LogBytes += text.Length;
        if (LogBytes > MaxLogBytes) text = s_full;
        items.Add(new VertexLog { Vertex = step.Vertex.Digest, Timestamp = Now(), Stream = isError ? 2 : 1, Msg = UnsafeByteOperations.UnsafeWrap(text) });
    }

    void Change(Action change)
    {
        lock (gate)
        {
            if (isOver) return;
            change();
            Signal();
        }
    }

    void Signal()
    {
        changed?.TrySetResult();
        changed = null;
    }

    Timestamp Now() => Timestamp.FromDateTimeOffset(time.GetUtcNow());

    sealed class Step(Vertex vertex)
    {
        public Vertex Vertex { get; } = vertex;

        public StepLog Log { get; } = new();

        // Where the newest number of each count stands in the list, and when the count began.
        public Dictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Timestamp> Started { get; } = new(StringComparer.Ordinal);

        public bool IsDone => Vertex.Completed is not null;
    }
}
