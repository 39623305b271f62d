using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Strake.Containers;
using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>Starting, stopping and waiting: what changes what a container does.</summary>
/// <param name="containers">The containers.</param>
sealed class ContainerLifeRoutes(ContainerEngine containers)
{
    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("POST", "/containers/{id}/start", StartAsync, "detachKeys"),
        new("POST", "/containers/{id}/stop", StopAsync, "t", "signal"),
        new("POST", "/containers/{id}/restart", RestartAsync, "t", "signal"),
        new("POST", "/containers/{id}/kill", KillAsync, "signal"),
        new("POST", "/containers/{id}/pause", PauseAsync),
        new("POST", "/containers/{id}/unpause", UnpauseAsync),
        new("POST", "/containers/{id}/resize", ResizeAsync, "h", "w"),
        new("POST", "/containers/{id}/wait", WaitAsync, "condition"),
    ];

    async Task StartAsync(Exchange exchange)
    {
        await containers.StartAsync(exchange.Route["id"], exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task StopAsync(Exchange exchange)
    {
        await containers.StopAsync(exchange.Route["id"], exchange.Query.Text("signal"), Timeout(exchange), exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task RestartAsync(Exchange exchange)
    {
        await containers.RestartAsync(exchange.Route["id"], exchange.Query.Text("signal"), Timeout(exchange), exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task KillAsync(Exchange exchange)
    {
        await containers.KillAsync(exchange.Route["id"], exchange.Query.Text("signal"), exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task PauseAsync(Exchange exchange)
    {
        await containers.PauseAsync(exchange.Route["id"], exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task UnpauseAsync(Exchange exchange)
    {
        await containers.UnpauseAsync(exchange.Route["id"], exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task ResizeAsync(Exchange exchange)
    {
        (int height, int width) = TerminalSize.Read(exchange.Query);
        await containers.ResizeAsync(exchange.Route["id"], height, width, exchange.Aborted);
        await exchange.WriteEmptyAsync(StatusCodes.Status200OK);
    }

    // The client sends start only after it has seen this answer's headers, so they must not wait for the container's end.
    async Task WaitAsync(Exchange exchange)
    {
        WaitCondition condition = exchange.Query.Text("condition") switch
        {
            null or "not-running" => WaitCondition.NotRunning,
            "next-exit" => WaitCondition.NextExit,
            "removed" => WaitCondition.Removed,
            var other => throw StrakeException.Invalid($"invalid condition: \"{other}\""),
        };
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, exchange.Stopping);
        // Found, or not found, before the first await: what is wrong with the request is still an HTTP status.
        Task<ContainerExit> waiting = containers.WaitAsync(exchange.Route["id"], condition, ended.Token);
        if (waiting.IsFaulted) await waiting;
        Stream body = await exchange.StartStreamAsync("application/json");
        ContainerExit exit = await waiting;
        var answer = new WaitBody { StatusCode = exit.Code, Error = string.IsNullOrEmpty(exit.Error) ? null : new(exit.Error) };
        await body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer, DockerJson.Plain.WaitBody), exchange.Aborted);
        await body.WriteAsync("\n"u8.ToArray(), exchange.Aborted);
    }

    static TimeSpan? Timeout(Exchange exchange) => exchange.Query.Number("t") switch
    {
        null => null,
        < 0 => System.Threading.Timeout.InfiniteTimeSpan,
        { } seconds => TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue)),
    };
}
