using Microsoft.AspNetCore.Http;
using Strake.Containers;
using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>Further processes in a container: <c>/exec</c>.</summary>
/// <param name="containers">The containers.</param>
/// <param name="time">The clock.</param>
sealed class ExecRoutes(ContainerEngine containers, TimeProvider time)
{
    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("POST", "/containers/{id}/exec", CreateAsync),
        new("GET", "/exec/{id}/json", InspectAsync),
        new("POST", "/exec/{id}/start", StartAsync),
        new("POST", "/exec/{id}/resize", ResizeAsync, "h", "w"),
    ];

    async Task CreateAsync(Exchange exchange)
    {
        ExecRequest? request = await exchange.ReadOptionalJsonAsync(DockerJson.Plain.ExecRequest);
        if (request?.Cmd is not { Count: > 0 }) throw StrakeException.Invalid("No exec command specified");
        string id = await containers.CreateExecAsync(exchange.Route["id"], request, exchange.Aborted);
        await exchange.WriteJsonAsync(new IdBody(id), DockerJson.Plain.IdBody, StatusCodes.Status201Created);
    }

    async Task InspectAsync(Exchange exchange)
    {
        ExecSession exec = containers.GetExec(exchange.Route["id"]);
        IReadOnlyList<string> command = exec.Request.Cmd ?? [""];
        var body = new ExecBody
        {
            ID = exec.Id,
            Running = exec.Running,
            ExitCode = exec.ExitCode,
            ProcessConfig = new()
            {
                Tty = exec.Request.Tty,
                Entrypoint = command[0],
                Arguments = [.. command.Skip(1)],
                Privileged = exec.Request.Privileged,
                User = string.IsNullOrEmpty(exec.Request.User) ? null : exec.Request.User,
            },
            OpenStdin = exec.Request.AttachStdin,
            OpenStderr = exec.Request.AttachStderr,
            OpenStdout = exec.Request.AttachStdout,
            ContainerID = exec.ContainerId,
            DetachKeys = exec.Request.DetachKeys ?? "",
            Pid = exec.Pid,
        };
        await exchange.WriteJsonAsync(body, DockerJson.Plain.ExecBody);
    }

    async Task StartAsync(Exchange exchange)
    {
        string id = exchange.Route["id"];
        ExecSession exec = containers.GetExec(id);
        ExecStart start = await exchange.ReadOptionalJsonAsync(DockerJson.Plain.ExecStart) ?? new ExecStart();
        if (start.Detach)
        {
            await containers.StartExecAsync(id, start, client: null, ready: null, exchange.Aborted);
            await exchange.WriteEmptyAsync(StatusCodes.Status200OK);
            return;
        }

        bool raw = exec.Request.Tty;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, exchange.Stopping);
        await using var client = new HijackedClient(exchange, raw, StreamClient.ContentType(exchange, raw), exec.Request.AttachStdin, time);
        await Session.RunAsync(client, () => containers.StartExecAsync(id, start, client, client.TakeAsync, ended.Token));
    }

    async Task ResizeAsync(Exchange exchange)
    {
        (int height, int width) = TerminalSize.Read(exchange.Query);
        await containers.ResizeExecAsync(exchange.Route["id"], height, width, exchange.Aborted);
        await exchange.WriteEmptyAsync(StatusCodes.Status200OK);
    }
}
