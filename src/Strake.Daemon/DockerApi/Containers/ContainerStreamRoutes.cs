using System.Globalization;
using Strake.Containers;
using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>A container's streams: attach and logs.</summary>
/// <param name="containers">The containers.</param>
/// <param name="time">The clock.</param>
sealed class ContainerStreamRoutes(ContainerEngine containers, TimeProvider time)
{
    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("POST", "/containers/{id}/attach", AttachAsync, "stream", "stdin", "stdout", "stderr", "logs", "detachKeys"),
        new("GET", "/containers/{id}/attach/ws", AttachByWebSocketAsync, "stream", "stdin", "stdout", "stderr", "logs", "detachKeys"),
        new("GET", "/containers/{id}/logs", LogsAsync, "follow", "stdout", "stderr", "since", "until", "timestamps", "tail", "details"),
    ];

    async Task AttachAsync(Exchange exchange)
    {
        Container container = await containers.GetAsync(exchange.Route["id"], exchange.Aborted);
        QueryParameters query = exchange.Query;
        var options = new AttachOptions
        {
            Stream = query.Flag("stream"),
            Logs = query.Flag("logs"),
            Stdin = query.Flag("stdin"),
            Stdout = query.Flag("stdout"),
            Stderr = query.Flag("stderr"),
            DetachKeys = query.Text("detachKeys"),
        };
        bool raw = container.Config.Tty;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, exchange.Stopping);
        await using var client = new HijackedClient(exchange, raw, StreamClient.ContentType(exchange, raw), options.Stdin, time);
        await Session.RunAsync(client, () => containers.AttachAsync(container.Id, options, client, client.TakeAsync, ended.Token));
    }

    async Task AttachByWebSocketAsync(Exchange exchange)
    {
        await containers.GetAsync(exchange.Route["id"], exchange.Aborted);
        throw StrakeException.NotSupported("attaching by web socket is not supported yet");
    }

    async Task LogsAsync(Exchange exchange)
    {
        QueryParameters query = exchange.Query;
        var options = new LogOptions
        {
            Follow = query.Flag("follow"),
            Stdout = query.Flag("stdout"),
            Stderr = query.Flag("stderr"),
            Since = ReadTime(query, "since"),
            Until = ReadTime(query, "until"),
            Timestamps = query.Flag("timestamps"),
            Tail = ReadTail(query.Text("tail")),
        };
        if (!options.Stdout && !options.Stderr) throw StrakeException.Invalid("Bad parameters: you must choose at least one stream");
        Container container = await containers.GetAsync(exchange.Route["id"], exchange.Aborted);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, exchange.Stopping);
        var client = new LogClient(exchange, container.Config.Tty);
        if (options.Follow) await client.BeginAsync();
        await containers.LogsAsync(container.Id, options, client, ended.Token);
        await client.BeginAsync();
    }

    DateTimeOffset? ReadTime(QueryParameters query, string name)
    {
        // Clients send 0 for "not asked for".
        if (query.Text(name) is not { } text || text is "0") return null;
        return DockerTime.TryParse(text, time.GetUtcNow(), out DateTimeOffset found)
            ? found
            : throw StrakeException.Invalid($"invalid value for \"{name}\": {text} is no time");
    }

    // As in Docker: what is no number of lines means all of them.
    static int? ReadTail(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int lines) ? lines : null;
}
