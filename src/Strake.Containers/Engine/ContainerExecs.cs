using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Strake.Containers.Lifecycle;
using Strake.Containers.Oci;
using Strake.Containers.Runtime;
using Strake.Containers.Spec;
using Strake.Containers.Streams;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Runs further processes in containers. What is known of them is in memory only: they end with the engine's interest, as in Docker.</summary>
sealed partial class ContainerExecs(EngineContext context)
{
    const int IdBytes = 32;

    // 128 + SIGKILL: nobody can say how it ended.
    const int LostCode = 137;

    // Clients ask for the exit code right after the end; what nobody asked for by then is forgotten.
    static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);
    const int MostRemembered = 4096;

    readonly ConcurrentDictionary<string, ExecUnit> execs = [];

    /// <summary>As <see cref="ContainerEngine.CreateExecAsync"/>.</summary>
    public string Create(ContainerUnit unit, ExecRequest request)
    {
        ContainerControl.Require(unit, LifecycleRequest.Exec);
        if (request.Cmd is not { Count: > 0 })
            throw StrakeException.Invalid("No exec command specified");
        DetachKeys.Parse(request.DetachKeys);
        Forget();
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        execs[id] = new ExecUnit(unit, new ExecSession { Id = id, ContainerId = unit.Id, Request = request });
        context.Tell(unit.Container, $"exec_create: {string.Join(' ', request.Cmd)}", ("execID", id));
        return id;
    }

    /// <summary>The exec.</summary>
    /// <exception cref="StrakeException">NotFound.</exception>
    public ExecUnit Get(string id) => execs.GetValueOrDefault(id) ?? throw StrakeException.NotFound($"No such exec instance: {id}");

    /// <summary>The execs of a container that are open or remembered.</summary>
    public IReadOnlyList<string> Of(string containerId) =>
        [.. execs.Values.Where(exec => exec.Container.Id == containerId && exec.Session.ExitCode is null).Select(static exec => exec.Session.Id)];

    /// <summary>As <see cref="ContainerEngine.StartExecAsync"/>.</summary>
    public async Task StartAsync(ExecUnit exec, ExecStart start, IStreamClient? client, Func<ValueTask>? ready, CancellationToken cancellationToken)
    {
        ExecRequest request = exec.Session.Request with { ConsoleSize = start.ConsoleSize ?? exec.Session.Request.ConsoleSize };
        ContainerControl.Require(exec.Container, LifecycleRequest.Exec);
        if (!exec.TryBegin())
            throw StrakeException.Conflict($"exec {exec.Session.Id} has already run");

        string text = string.Join(' ', request.Cmd!);
        context.Tell(exec.Container.Container, $"exec_start: {text}", ("execID", exec.Session.Id));
        if (start.Detach || client is null)
        {
            await RunAsync(exec, request, hasClient: false, CancellationToken.None);
            return;
        }

        DetachKeys? keys = request.Tty ? DetachKeys.Parse(request.DetachKeys) : null;
        using var session = new ConsoleSession(
            client,
            new ConsoleSessionOptions(request.AttachStdin, request.AttachStdout, request.AttachStderr || request.Tty, EndsStdin: !request.Tty, keys),
            cancellationToken);
        exec.Console.TryAdd(session);
        try
        {
            // Answered before the process runs: its output must find the client listening.
            if (ready is not null)
                await ready();
            exec.Console.Open(session);
            await RunAsync(exec, request, hasClient: true, cancellationToken);
            await session.Over;
        }
        catch (StrakeException)
        {
            // The answer is on its way already; the words were sent in the place of the output, and the exit code says it too.
        }
        finally
        {
            exec.Console.Remove(session);
            session.End();
        }
    }

    /// <summary>As <see cref="ContainerEngine.ResizeExecAsync"/>.</summary>
    public Task ResizeAsync(ExecUnit exec, int height, int width) => exec.Session.Running
        ? TerminalSize.SetAsync($"{context.Run.Exec(exec.Session.ContainerId, exec.Session.Id)}/ctl", height, width)
        : throw StrakeException.Conflict($"exec {exec.Session.Id} does not run");

    async Task RunAsync(ExecUnit exec, ExecRequest request, bool hasClient, CancellationToken cancellationToken)
    {
        ConmonProcess? conmon = null;
        try
        {
            context.WarmUp.Begin();
            conmon = await SpawnAsync(exec, request, hasClient);
            int conmonId = conmon.Id;
            int pid = await ConnectAsync(exec, conmon, hasClient, request);
            exec.SetPid(pid);
            context.Background.Begin($"exec {exec.Session.Id}: letting go of the host's mounts", () => context.Mounts.ReleaseHostMountsAsync(conmonId));
            _ = FinishAsync(exec, conmon);
        }
        catch (Exception e)
        {
            conmon?.Dispose();
            await exec.Console.SayAsync(Encoding.UTF8.GetBytes(e.Message + "\r\n"));
            await EndAsync(exec, StartFailure.CodeOf(e));
            throw;
        }
    }

    async Task<ConmonProcess> SpawnAsync(ExecUnit exec, ExecRequest request, bool hasClient)
    {
        Container container = exec.Container.Container;
        string directory = context.Run.Exec(container.Id, exec.Session.Id);
        Directory.CreateDirectory(directory, Permissions.Octal0700);
        File.WriteAllBytes($"{directory}/process.json", OciJson.Write(ProcessOf(container, request)));
        var start = new ConmonExec(container.Id, exec.Session.Id, request.Tty, hasClient && request.AttachStdin);
        return await context.Mounts.InRuntimeViewAsync(() => context.Conmon.Exec(start));
    }

    OciProcess ProcessOf(Container container, ExecRequest request)
    {
        try
        {
            using RootedDirectory root = RootedDirectory.Open($"/proc/{container.State.Pid}/root", PathRule.InRoot);
            if (request.WorkingDir is { Length: > 0 } directory)
            {
                if (!directory.StartsWith('/'))
                    throw StrakeException.Invalid($"the working directory '{directory}' is invalid, it needs to be an absolute path");
                RootRules.CheckWorkingDirectory(root, directory);
            }

            string? user = request.User is { Length: > 0 } ? request.User : container.Config.User;
            return SpecBuilder.BuildExec(container, request, AccountFiles.Resolve(root, user, container.Host.GroupAdd ?? []), context.Features);
        }
        catch (LinuxException e) when (e.Errno is Errno.ELOOP or Errno.EXDEV)
        {
            throw StrakeException.Invalid($"the working directory '{request.WorkingDir}' is invalid: {e.Message}", e);
        }
        catch (LinuxException e)
        {
            throw StrakeException.Conflict($"container {container.Id} is not running", e);
        }
    }

    async Task<int> ConnectAsync(ExecUnit exec, ConmonProcess conmon, bool hasClient, ExecRequest request)
    {
        conmon.Proceed();
        if (await conmon.WaitForSocketAsync(CancellationToken.None))
        {
            if (hasClient)
                await exec.Console.ConnectAsync($"{context.Run.Exec(exec.Session.ContainerId, exec.Session.Id)}/attach");
            conmon.Proceed();
        }

        SyncMessage? message = await conmon.ReadAsync(CancellationToken.None);
        if (message is { Number: > 0 and var pid })
            return pid;
        ExitStatus status = await conmon.Exited;
        throw new StartFailure(RuntimeFailure.Of(message?.Message ?? $"conmon ended without a word ({status})", request.Cmd![0])).ExecException;
    }

    async Task FinishAsync(ExecUnit exec, ConmonProcess conmon)
    {
        using (conmon)
        {
            int code = LostCode;
            try
            {
                SyncMessage? message = await conmon.ReadAsync(CancellationToken.None);
                ExitStatus status = await conmon.Exited;
                code = message?.Number ?? status.Code;
            }
            catch (Exception e)
            {
                LogLost(context.Options.Logger, exec.Session.Id, e);
            }

            await EndAsync(exec, code);
        }
    }

    async Task EndAsync(ExecUnit exec, int code)
    {
        exec.SetEnd(code, context.Now);
        TreeRemoval.Remove(context.Run.Exec(exec.Session.ContainerId, exec.Session.Id));
        await exec.Console.EndAsync();
        context.Tell(
            exec.Container.Container, "exec_die", ("execID", exec.Session.Id), ("exitCode", code.ToString(CultureInfo.InvariantCulture)));
    }

    void Forget()
    {
        DateTimeOffset before = context.Now - Remembered;
        foreach (ExecUnit exec in execs.Values.Where(exec => exec.EndedAt < before || !context.IsKnown(exec.Container)))
            execs.TryRemove(exec.Session.Id, out _);
        if (execs.Count >= MostRemembered)
            throw StrakeException.Exhausted($"{execs.Count} exec sessions are open or have just ended; try again in some minutes");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "exec {Id}: how it ended is not known")]
    static partial void LogLost(ILogger logger, string id, Exception exception);
}
