using System.Net.Sockets;
using Strake.Containers.Lifecycle;
using Strake.Containers.Logs;
using Strake.Containers.Streams;

namespace Strake.Containers.Engine;

/// <summary>Connects clients with containers' streams and logs.</summary>
sealed class ContainerStreams(EngineContext context)
{
    /// <summary>As <see cref="ContainerEngine.AttachAsync"/>.</summary>
    public async Task AttachAsync(
        ContainerUnit unit, AttachOptions options, IStreamClient client, Func<ValueTask>? ready, CancellationToken cancellationToken)
    {
        ContainerControl.Require(unit, LifecycleRequest.Attach);
        ContainerConfig config = unit.Container.Config;
        DetachKeys? keys = config.Tty ? DetachKeys.Parse(options.DetachKeys) : null;
        var wanted = new ConsoleSessionOptions(
            options.Stdin && config.OpenStdin, options.Stdout, options.Stderr, EndsStdin: config.StdinOnce && !config.Tty, keys);
        if (!options.Stream)
        {
            await AnswerAsync(ready);
            await CopyLogsAsync(unit, options, client, cancellationToken);
            return;
        }

        using var session = new ConsoleSession(client, wanted, cancellationToken);
        ConsoleHub hub = unit.AddSession(session);
        try
        {
            await AnswerAsync(ready);
            await CopyLogsAsync(unit, options, client, cancellationToken);
            hub.Open(session);
            context.Tell(unit.Container, "attach");
            // The session was added before the state is looked at, and a start looks for sessions after it has set the state.
            if (unit.Container.State.IsRunning)
                await ConnectAsync(unit.Id, hub);
            await session.Over;
        }
        finally
        {
            hub.Remove(session);
            session.End();
        }

        if (session.WasDetached)
            context.Tell(unit.Container, "detach");
    }

    /// <summary>As <see cref="ContainerEngine.LogsAsync"/>.</summary>
    public async Task LogsAsync(ContainerUnit unit, LogOptions options, IStreamClient client, CancellationToken cancellationToken)
    {
        if (!options.Stdout && !options.Stderr)
            throw StrakeException.Invalid("Bad parameters: you must choose at least one stream");
        if (unit.Container.LogPath.Length == 0)
            throw StrakeException.NotSupported("configured logging driver does not support reading");
        await ContainerLog.CopyAsync(unit.Container.LogPath, options, client, context.Logs, unit.LastRun, cancellationToken);
    }

    /// <summary>Connects the clients that wait to a run.</summary>
    public async Task ConnectAsync(string id, ConsoleHub hub)
    {
        try
        {
            await hub.ConnectAsync(context.Run.AttachSocket(id));
        }
        catch (SocketException)
        {
            // Observed: the process has just ended. The end of the run ends the sessions.
        }
    }

    async Task CopyLogsAsync(ContainerUnit unit, AttachOptions options, IStreamClient client, CancellationToken cancellationToken)
    {
        if (options.Logs && unit.Container.LogPath.Length > 0)
            await LogsAsync(unit, new LogOptions { Stdout = options.Stdout, Stderr = options.Stderr }, client, cancellationToken);
    }

    static ValueTask AnswerAsync(Func<ValueTask>? ready) => ready?.Invoke() ?? ValueTask.CompletedTask;
}
