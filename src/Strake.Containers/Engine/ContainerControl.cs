using System.Globalization;
using Strake.Containers.Lifecycle;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Starts, stops and freezes containers, as far as their state allows.</summary>
sealed class ContainerControl(EngineContext context, ContainerStart start)
{
    static readonly TimeSpan DefaultStopTimeout = TimeSpan.FromSeconds(10);

    // How long the kernel is given to take a killed process away; more means one in an uninterruptible wait.
    static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);

    /// <summary>As <see cref="ContainerEngine.StartAsync"/>.</summary>
    public async Task StartAsync(ContainerUnit unit, CancellationToken cancellationToken)
    {
        using IDisposable turn = await unit.EnterAsync(cancellationToken);
        Require(unit, LifecycleRequest.Start);
        await StartFreshAsync(unit);
    }

    /// <summary>As <see cref="ContainerEngine.StopAsync"/>.</summary>
    public async Task StopAsync(ContainerUnit unit, string? signal, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        Signal asked = SignalOf(unit.Container, signal);
        ContainerRun? run;
        using (await unit.EnterAsync(cancellationToken))
        {
            switch (Require(unit, LifecycleRequest.Stop))
            {
                case LifecycleDecision.CancelRestart:
                    await CancelRestartAsync(unit);
                    return;
                case LifecycleDecision.UnpauseFirst:
                    await UnpauseNowAsync(unit);
                    break;
            }

            run = unit.Run;
            if (run is null)
                return;
            await MarkStoppedAsync(unit, run);
        }

        await EndAsync(run, asked, timeout ?? TimeoutOf(unit.Container), cancellationToken);
        context.Tell(unit.Container, "stop");
    }

    /// <summary>As <see cref="ContainerEngine.KillAsync"/>.</summary>
    public async Task KillAsync(ContainerUnit unit, string? signal, CancellationToken cancellationToken)
    {
        Signal asked = signal is { Length: > 0 } ? StopSignals.Parse(signal) : Signal.SIGKILL;
        using IDisposable turn = await unit.EnterAsync(cancellationToken);
        if (Require(unit, LifecycleRequest.Kill) == LifecycleDecision.CancelRestart)
        {
            await CancelRestartAsync(unit);
            return;
        }

        ContainerRun? run = unit.Run;
        // A signal that the process may survive says nothing about what the user wants of it.
        if (run is not null && (asked == Signal.SIGKILL || asked == SignalOf(unit.Container, null)))
            await MarkStoppedAsync(unit, run);
        if (run is null || !run.Send(asked))
            throw LifecycleDecisions.Explain(unit.Container with { State = new ContainerState { Status = ContainerStatus.Exited } }, LifecycleRequest.Kill, LifecycleDecision.Refuse);
        context.Tell(unit.Container, "kill", ("signal", ((int)asked).ToString(CultureInfo.InvariantCulture)));
        // A frozen process takes SIGKILL only when it goes on (version 1 of cgroups).
        if (asked == Signal.SIGKILL && unit.Container.State.Status == ContainerStatus.Paused)
            await UnpauseNowAsync(unit);
        if (asked == Signal.SIGKILL)
            await run.Ended.Task.WaitAsync(KillPatience, context.Time, CancellationToken.None);
    }

    /// <summary>As <see cref="ContainerEngine.RestartAsync"/>.</summary>
    public async Task RestartAsync(ContainerUnit unit, string? signal, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        Signal asked = SignalOf(unit.Container, signal);
        using IDisposable turn = await unit.EnterAsync(cancellationToken);
        if (Require(unit, LifecycleRequest.Restart) == LifecycleDecision.UnpauseFirst)
            await UnpauseNowAsync(unit);
        if (unit.Run is { } run)
        {
            await MarkStoppedAsync(unit, run);
            await EndAsync(run, asked, timeout ?? TimeoutOf(unit.Container), cancellationToken);
        }

        await StartFreshAsync(unit);
        context.Tell(unit.Container, "restart");
    }

    /// <summary>As <see cref="ContainerEngine.PauseAsync"/>.</summary>
    public async Task PauseAsync(ContainerUnit unit, CancellationToken cancellationToken)
    {
        using IDisposable turn = await unit.EnterAsync(cancellationToken);
        Require(unit, LifecycleRequest.Pause);
        await PauseNowAsync(unit);
    }

    /// <summary>As <see cref="ContainerEngine.UnpauseAsync"/>.</summary>
    public async Task UnpauseAsync(ContainerUnit unit, CancellationToken cancellationToken)
    {
        using IDisposable turn = await unit.EnterAsync(cancellationToken);
        Require(unit, LifecycleRequest.Unpause);
        await UnpauseNowAsync(unit);
    }

    /// <summary>As <see cref="ContainerEngine.RenameAsync"/>.</summary>
    public async Task RenameAsync(ContainerUnit unit, string text, CancellationToken cancellationToken)
    {
        if (text.Length == 0)
            throw StrakeException.Invalid("Neither old nor new names may be empty");
        string name = ContainerName.Parse(text);
        using IDisposable turn = await unit.EnterAsync(cancellationToken);
        Require(unit, LifecycleRequest.Rename);
        string old = unit.Container.Name;
        if (name == old)
            throw StrakeException.Invalid("Renaming a container with the same name as its current name");

        context.Table.TakeName(name, unit.Id);
        try
        {
            await unit.ChangeAsync(context.Records, record => record with { Container = record.Container with { Name = name } }, Durability.Synced);
        }
        catch
        {
            context.Table.FreeName(name);
            throw;
        }

        context.Table.FreeName(old);
        context.Tell(unit.Container, "rename", ("oldName", "/" + old));
    }

    /// <summary>As <see cref="ContainerEngine.ResizeAsync"/>.</summary>
    public async Task ResizeAsync(ContainerUnit unit, int height, int width, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Require(unit, LifecycleRequest.Resize);
        await TerminalSize.SetAsync($"{context.Run.Bundle(unit.Id)}/ctl", height, width);
        context.Tell(
            unit.Container, "resize", ("height", height.ToString(CultureInfo.InvariantCulture)), ("width", width.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Freezes a running container, whose turn the caller has.</summary>
    public async Task PauseNowAsync(ContainerUnit unit)
    {
        await context.Command.RunAsync(unit.Id, "pause");
        FaultPoint.Reach("container.pause.done");
        await SetStatusAsync(unit, ContainerStatus.Running, ContainerStatus.Paused);
        context.Tell(unit.Container, "pause");
    }

    /// <summary>Lets a frozen container go on, whose turn the caller has.</summary>
    public async Task UnpauseNowAsync(ContainerUnit unit)
    {
        await context.Command.RunAsync(unit.Id, "resume");
        FaultPoint.Reach("container.unpause.done");
        await SetStatusAsync(unit, ContainerStatus.Paused, ContainerStatus.Running);
        context.Tell(unit.Container, "unpause");
    }

    /// <summary>Kills a container that runs, and waits for its end. The caller has its turn.</summary>
    public async Task KillNowAsync(ContainerUnit unit)
    {
        if (unit.Run is not { } run)
            return;
        await MarkStoppedAsync(unit, run);
        run.Send(Signal.SIGKILL);
        if (unit.Container.State.Status == ContainerStatus.Paused)
            await UnpauseNowAsync(unit);
        await run.Ended.Task.WaitAsync(KillPatience, context.Time, CancellationToken.None);
    }

    /// <summary>The restart that is due is given up. The caller has the turn.</summary>
    public async Task CancelRestartAsync(ContainerUnit unit)
    {
        unit.Due?.Dispose();
        unit.Due = null;
        await unit.ChangeAsync(
            context.Records,
            static record => record.Container.State.Status != ContainerStatus.Restarting
                ? record
                : record with { StoppedByUser = true, Container = record.Container with { State = record.Container.State with { Status = ContainerStatus.Exited } } },
            Durability.Eventual);
    }

    /// <summary>What is to be done; throws what is to be told where that is nothing.</summary>
    public static LifecycleDecision Require(ContainerUnit unit, LifecycleRequest request)
    {
        LifecycleDecision decision = unit.Record.Phase == ContainerPhase.Removing
            ? LifecycleDecisions.Decide(ContainerStatus.Removing, request)
            : LifecycleDecisions.Decide(unit.Container.State.Status, request);
        return decision is LifecycleDecision.Refuse or LifecycleDecision.AlreadySo
            ? throw LifecycleDecisions.Explain(unit.Container, request, decision)
            : decision;
    }

    async Task StartFreshAsync(ContainerUnit unit)
    {
        if (unit.Due is not null)
            await CancelRestartAsync(unit);
        unit.LastDelay = TimeSpan.Zero;
        if (unit.Container.RestartCount > 0)
            await unit.ChangeAsync(context.Records, static record => record with { Container = record.Container with { RestartCount = 0 } }, Durability.Eventual);
        await start.RunAsync(unit);
    }

    async Task MarkStoppedAsync(ContainerUnit unit, ContainerRun run)
    {
        run.StoppedByUser = true;
        // Only a restart of the engine needs to read it, and only for a container that it would start again.
        if (unit.Container.Host.RestartPolicy?.Name is "always" or "unless-stopped" or "on-failure")
            await unit.ChangeAsync(context.Records, static record => record with { StoppedByUser = true }, Durability.Eventual);
    }

    async Task EndAsync(ContainerRun run, Signal signal, TimeSpan timeout, CancellationToken cancellationToken)
    {
        run.Send(signal);
        if (timeout < TimeSpan.Zero)
        {
            await run.Ended.Task.WaitAsync(cancellationToken);
            return;
        }

        try
        {
            await run.Ended.Task.WaitAsync(timeout, context.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            run.Send(Signal.SIGKILL);
            await run.Ended.Task.WaitAsync(KillPatience, context.Time, CancellationToken.None);
        }
    }

    // Unless it has ended meanwhile.
    Task SetStatusAsync(ContainerUnit unit, ContainerStatus from, ContainerStatus to) => unit.ChangeAsync(
        context.Records,
        record => record.Container.State.Status != from
            ? record
            : record with { Container = record.Container with { State = record.Container.State with { Status = to } } },
        Durability.Eventual);

    static Signal SignalOf(Container container, string? asked) =>
        asked is { Length: > 0 } ? StopSignals.Parse(asked)
            : container.Config.StopSignal is { Length: > 0 } own ? StopSignals.Parse(own)
            : Signal.SIGTERM;

    static TimeSpan TimeoutOf(Container container) => container.Config.StopTimeout is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultStopTimeout;
}
