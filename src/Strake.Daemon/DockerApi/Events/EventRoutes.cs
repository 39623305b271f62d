using System.Text.Json;
using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>What happens: <c>/events</c>.</summary>
/// <param name="journal">The events.</param>
/// <param name="time">The clock.</param>
sealed class EventRoutes(EventJournal journal, TimeProvider time)
{
    /// <summary>The routes.</summary>
    public IEnumerable<Route> All => [new("GET", "/events", StreamAsync, "since", "until", "filters")];

    async Task StreamAsync(Exchange exchange)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset? since = ReadTime(exchange.Query, "since", now);
        DateTimeOffset? until = ReadTime(exchange.Query, "until", now);
        if (since > until) throw StrakeException.Invalid($"`since` time ({exchange.Query.Text("since")}) cannot be after `until` time ({exchange.Query.Text("until")})");
        var filter = new EventFilter(Filters.Read(exchange.Query, EventFilter.Names));

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, exchange.Stopping);
        using EventJournal.EventReader reader = journal.Follow(since, out IReadOnlyList<EngineEvent> past);
        Stream body = await exchange.StartStreamAsync("application/json");
        foreach (EngineEvent happened in past)
            if (!(happened.Time > until)) await WriteAsync(body, filter, happened, ended.Token);
        await body.FlushAsync(ended.Token);
        if (until <= now) return;
        using var deadline = until is { } end ? new CancellationTokenSource(Wait(end - now), time) : new CancellationTokenSource();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, deadline.Token);
        try
        {
            await foreach (EngineEvent happened in reader.ReadAllAsync(over.Token)) await WriteAsync(body, filter, happened, over.Token);
        }
        catch (OperationCanceledException) when (!exchange.Aborted.IsCancellationRequested)
        {
            // The end that the client asked for, or the daemon's: the body simply ends.
        }
    }

    // Timers end at some 49 days; a client that waits longer asks again.
    static TimeSpan Wait(TimeSpan span) => span < TimeSpan.FromDays(40) ? span : TimeSpan.FromDays(40);

    static async Task WriteAsync(Stream body, EventFilter filter, EngineEvent happened, CancellationToken cancellationToken)
    {
        if (!filter.Wants(happened)) return;
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(EventBody.Of(happened), DockerJson.Plain.EventBody);
        await body.WriteAsync(line, cancellationToken);
        await body.WriteAsync("\n"u8.ToArray(), cancellationToken);
        await body.FlushAsync(cancellationToken);
    }

    static DateTimeOffset? ReadTime(QueryParameters query, string name, DateTimeOffset now)
    {
        if (query.Text(name) is not { } text) return null;
        return DockerTime.TryParse(text, now, out DateTimeOffset found)
            ? found
            : throw StrakeException.Invalid($"invalid value for \"{name}\": {text} is no time");
    }
}
