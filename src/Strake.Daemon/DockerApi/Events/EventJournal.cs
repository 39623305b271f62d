using System.Threading.Channels;

namespace Strake.Daemon.DockerApi;

/// <summary>
/// What has happened lately, and what happens: the last events kept, and each new one handed to every reader. Bounded on both sides: a
/// reader that falls too far behind is dropped, and comes back with <c>since</c>.
/// </summary>
sealed class EventJournal
{
    /// <summary>How many events are kept; Docker keeps 256.</summary>
    const int KeptEvents = 1024;

    /// <summary>How far a reader may fall behind.</summary>
    const int ReaderEvents = 1024;

    readonly Lock gate = new();
    readonly Queue<EngineEvent> kept = new(KeptEvents);
    readonly List<Channel<EngineEvent>> readers = [];

    /// <summary>How many readers there are.</summary>
    public int Readers
    {
        get
        {
            lock (gate) return readers.Count;
        }
    }

    /// <summary>Adds an event. Never waits.</summary>
    public void Add(EngineEvent happened)
    {
        lock (gate)
        {
            if (kept.Count == KeptEvents) kept.Dequeue();
            kept.Enqueue(happened);
            for (int i = readers.Count - 1; i >= 0; i--)
            {
                if (readers[i].Writer.TryWrite(happened)) continue;
                readers[i].Writer.TryComplete(StrakeException.Exhausted("the reader of events is too slow; begin again with since"));
                readers.RemoveAt(i);
            }
        }
    }

    /// <summary>The kept events of a span of time.</summary>
    /// <param name="since">The first; null: all that are kept.</param>
    /// <param name="until">The last; null: up to now.</param>
    public IReadOnlyList<EngineEvent> Read(DateTimeOffset? since, DateTimeOffset? until)
    {
        lock (gate) return Between(since, until);
    }

    /// <summary>The kept events since a time, and a reader of all that follow: none is missed, none told twice.</summary>
    /// <param name="since">The first of the kept ones; null: none of them.</param>
    /// <param name="past">The kept events.</param>
    public EventReader Follow(DateTimeOffset? since, out IReadOnlyList<EngineEvent> past)
    {
        var channel = Channel.CreateBounded<EngineEvent>(new BoundedChannelOptions(ReaderEvents) { SingleReader = true });
        lock (gate)
        {
            past = since is null ? [] : Between(since, until: null);
            readers.Add(channel);
        }

        return new(this, channel);
    }

    List<EngineEvent> Between(DateTimeOffset? since, DateTimeOffset? until) =>
        [.. kept.Where(happened => (since is null || happened.Time >= since) && (until is null || happened.Time <= until))];

    /// <summary>A reader of what happens. Disposing ends it.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="channel">What was not read yet.</param>
    public sealed class EventReader(EventJournal journal, Channel<EngineEvent> channel) : IDisposable
    {
        /// <summary>The events, as they come; fails when the reader was dropped.</summary>
        public IAsyncEnumerable<EngineEvent> ReadAllAsync(CancellationToken cancellationToken) => channel.Reader.ReadAllAsync(cancellationToken);

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (journal.gate) journal.readers.Remove(channel);
        }
    }
}
