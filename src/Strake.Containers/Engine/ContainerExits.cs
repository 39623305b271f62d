using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Strake.Containers.Lifecycle;
using Strake.Containers.Streams;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>What happens when a container's process ends: it is written down, what the run held is let go, and the restart policy decides.</summary>
/// <param name="context">What it works with.</param>
sealed partial class ContainerExits(EngineContext context)
{
    // 128 + SIGKILL: what it looks like when conmon, which alone could have said more, is gone.
    const int LostCode = 137;

    /// <summary>Starts a container again, for its policy; set once by the engine, for starts need exits as well.</summary>
    public Func<ContainerUnit, Task>? Restart { get; set; }

    /// <summary>Removes a container that is to go with its end.</summary>
    public Func<ContainerUnit, Task>? Remove { get; set; }

    /// <summary>Takes a run over until its end.</summary>
    public void Watch(ContainerUnit unit, ContainerRun run)
    {
        unit.Run = run;
        unit.LastRun = run.Ended.Task;
        Task<int> exit = context.Exits.WaitAsync(unit.Id);
        context.Background.Begin($"container {unit.Id}: letting go of the host's mounts", () => context.Mounts.ReleaseHostMountsAsync(run.ConmonPid));
        context.Background.Begin($"container {unit.Id}: the watch over its conmon", () => GuardAsync(unit, run, exit));
        context.Background.Begin($"container {unit.Id}: what follows its end", () => FinishAsync(unit, run, exit));
    }

    /// <summary>Completes everybody who waits for the end of a run, after its clients have got all of its output.</summary>
    public static async Task TellWaitersAsync(ContainerUnit unit, ConsoleHub ended, ContainerExit exit)
    {
        IReadOnlyList<ContainerWaiter> waiters = unit.TakeWaiters(static waiter => waiter.Condition is not WaitCondition.Removed);
        await ended.Drained;
        foreach (ContainerWaiter waiter in waiters)
            waiter.Complete(exit);
    }

    /// <summary>Lets go of what a run held: network, volumes, cgroups, runtime state, bundle. Idempotent.</summary>
    public async Task CleanUpAsync(ContainerUnit unit)
    {
        Container container = unit.Container;
        if (unit.Record.Joined is { } joined)
        {
            if (context.Networks.Find(joined.Name) is { } network)
                await network.LeaveAsync(unit.Id, CancellationToken.None);
            await unit.ChangeAsync(context.Records, static record => record with { Joined = null }, Durability.Eventual);
        }

        FaultPoint.Reach("container.exit.network-left");
        await context.Remains.RemoveAsync(unit.Id, context.CgroupOf(container));
        // Nothing is mounted there for us to see; the store forgets that something was.
        context.Layers.Unmount(context.Run.RootFs(unit.Id));
        FaultPoint.Reach("container.exit.remains-gone");
        await new ContainerVolumes(context).UnmountAsync(unit);
        FaultPoint.Reach("container.exit.volumes-unmounted");
    }

    /// <summary>Removes a container in the background, and tells who waits for that.</summary>
    public void RemoveLater(ContainerUnit unit, ContainerExit exit) => context.Background.Begin($"container {unit.Id}: its removal", async () =>
    {
        try
        {
            await Remove!(unit);
        }
        catch (Exception e)
        {
            foreach (ContainerWaiter waiter in unit.TakeWaiters(static waiter => waiter.Condition is WaitCondition.Removed))
                waiter.Complete(exit with { Error = e.Message });
            throw;
        }
    });

    async Task FinishAsync(ContainerUnit unit, ContainerRun run, Task<int> exit)
    {
        int code = await exit.WaitAsync(context.Background.Stopping);
        try
        {
            await FinishAsync(unit, run, code);
        }
        finally
        {
            // Whatever failed, the next start looks at what is left.
            run.Ended.TrySetResult();
        }
    }

    async Task FinishAsync(ContainerUnit unit, ContainerRun run, int code)
    {
        FaultPoint.Reach("container.exit.before");
        bool oom = File.Exists($"{context.Run.Bundle(unit.Id)}/oom");
        bool stopped = run.StoppedByUser || unit.Record.StoppedByUser;
        ConsoleHub console = unit.ReplaceConsole();
        Task drained = console.EndAsync();
        Container container = unit.Container;
        AfterExit after = RestartDecisions.Decide(
            container.Host.RestartPolicy,
            container.Host.AutoRemove,
            new EndedRun(code, context.Now - run.StartedAt, stopped, container.RestartCount, unit.LastDelay));
        var due = after is AfterExit.Restart again ? new DueRestart(again.Delay, context.Time) : null;
        unit.Due = due;
        unit.Run = null;
        run.Dispose();
        await unit.ChangeAsync(context.Records, record => Ended(record, code, oom, stopped, due is not null), Durability.Eventual);
        FaultPoint.Reach("container.exit.recorded");

        if (oom)
            context.Tell(unit.Container, "oom");
        context.Tell(unit.Container, "die", ("exitCode", code.ToString(CultureInfo.InvariantCulture)));
        await CleanUpAsync(unit);
        run.Ended.TrySetResult();

        var exit = new ContainerExit(code);
        await drained;
        await TellWaitersAsync(unit, console, exit);
        switch (after)
        {
            case AfterExit.Stay:
                break;
            case AfterExit.Remove:
                RemoveLater(unit, exit);
                break;
            case AfterExit.Restart:
                context.Background.Begin($"container {unit.Id}: its restart", () => RestartAsync(unit, due!));
                break;
            default:
                throw new InvalidOperationException($"Nothing follows an exit by {after}.");
        }
    }

    ContainerRecord Ended(ContainerRecord record, int code, bool oom, bool stopped, bool restarts) => record with
    {
        StoppedByUser = stopped,
        Container = record.Container with
        {
            Network = record.Container.Network with { SandboxKey = "", Endpoints = new Dictionary<string, NetworkEndpoint>(), Ports = new Dictionary<string, IReadOnlyList<PortBinding>?>() },
            State = record.Container.State with
            {
                Status = restarts ? ContainerStatus.Restarting : ContainerStatus.Exited,
                Pid = 0,
                ExitCode = code,
                OOMKilled = oom,
                FinishedAt = context.Now,
            },
        },
    };

    async Task RestartAsync(ContainerUnit unit, DueRestart due)
    {
        unit.LastDelay = due.Delay;
        if (!await due.WaitAsync(context.Background.Stopping))
            return;
        using IDisposable turn = await unit.EnterAsync(CancellationToken.None);
        if (!ReferenceEquals(unit.Due, due))
            return;
        unit.Due = null;
        await unit.ChangeAsync(
            context.Records,
            static record => record with { Container = record.Container with { RestartCount = record.Container.RestartCount + 1 } },
            Durability.Eventual);
        await Restart!(unit);
    }

    // A conmon that ends without having written a code was killed, and the process's code with it.
    async Task GuardAsync(ContainerUnit unit, ContainerRun run, Task<int> exit)
    {
        await run.ConmonExited.WaitAsync(context.Background.Stopping);
        if (exit.IsCompleted || context.Exits.Read(unit.Id) is not null)
        {
            // Written and perhaps not yet told by inotify, which will.
            return;
        }

        LogConmonLost(context.Options.Logger, unit.Id);
        if (run.Send(Signal.SIGKILL))
        {
            using SafeFileHandle? process = Syscall.TryPidfdOpen(run.Pid);
            if (process is not null)
                await Readiness.WaitAsync(process, PollEvents.Readable, CancellationToken.None);
        }

        context.Exits.Give(unit.Id, LostCode);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "container {Id}: its conmon was killed; the process is killed too")]
    static partial void LogConmonLost(ILogger logger, string id);
}
