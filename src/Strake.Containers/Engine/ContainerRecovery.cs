using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Strake.Containers.Lifecycle;
using Strake.Layers;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>
/// Brings records and reality in line when the engine is opened: interrupted operations are finished or taken back, running
/// containers are taken over, ends that came meanwhile are dealt with, and what no record names is removed.
/// </summary>
sealed partial class ContainerRecovery(EngineContext context, ContainerExits exits, ContainerStart start)
{
    // What Docker's users know of a machine that went down: the process did not end, it vanished.
    const int VanishedCode = 255;

    /// <summary>Looks at every container once. One that cannot be dealt with is told of, and does not keep the others from their users.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        HashSet<string> unreadable = [];
        IReadOnlyList<ContainerRecord> records = await context.Records.ListAsync(
            (id, error) =>
            {
                LogUnreadable(context.Options.Logger, id, error);
                unreadable.Add(id);
            },
            cancellationToken);
        List<ContainerUnit> units = [.. records.Select(static record => new ContainerUnit(record))];
        foreach (ContainerUnit unit in units)
        {
            context.Table.TakeName(unit.Container.Name, unit.Id);
            context.Table.Add(unit);
        }

        List<ContainerUnit> due = [];
        foreach (ContainerUnit unit in units)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (await RecoverAsync(unit))
                    due.Add(unit);
            }
            catch (Exception e)
            {
                LogNotRecovered(context.Options.Logger, unit.Id, e);
            }
        }

        await RemoveNamelessAsync([.. context.Table.All.Select(static unit => unit.Id), .. unreadable], cancellationToken);
        foreach (ContainerUnit unit in due)
            StartLater(unit);
    }

    // Returns whether it is to be started by its policy.
    async Task<bool> RecoverAsync(ContainerUnit unit)
    {
        switch (unit.Record.Phase)
        {
            // Observed: the engine died while it made or removed the container.
            case ContainerPhase.Creating:
            case ContainerPhase.Removing:
                await RunningProcess.KillConmonsAsync(unit.Id);
                await new ContainerRollback(context).RunAsync(unit);
                return false;
            case ContainerPhase.Ready when unit.Container.IsStep:
                // Its build died with the engine.
                await RunningProcess.KillConmonsAsync(unit.Id);
                await exits.CleanUpAsync(unit);
                await new ContainerRollback(context).RunAsync(unit);
                return false;
            case ContainerPhase.Ready:
                return await ReconcileAsync(unit);
            default:
                throw new InvalidOperationException($"Container {unit.Id} is {unit.Record.Phase}.");
        }
    }

    async Task<bool> ReconcileAsync(ContainerUnit unit)
    {
        bool wasRunning = unit.Container.State.Status is ContainerStatus.Running or ContainerStatus.Paused or ContainerStatus.Restarting;
        string cgroup = context.CgroupOf(unit.Container);
        bool hasBundle = Directory.Exists(context.Run.Bundle(unit.Id));
        int? code = context.Exits.Read(unit.Id);
        if (code is null && hasBundle && RunningProcess.Find($"{context.Run.Bundle(unit.Id)}/pid", cgroup) is var (pid, handle))
        {
            // Observed: it runs, or waits at the fifo because the engine died before it let it go.
            if (!File.Exists($"{context.Run.RuntimeState(unit.Id)}/exec.fifo"))
            {
                await AdoptAsync(unit, pid, handle);
                return false;
            }

            handle.Dispose();
        }

        if (!hasBundle && code is null && !wasRunning)
            return await AfterwardsAsync(unit, wasRunning);

        await RunningProcess.KillConmonsAsync(unit.Id);
        code ??= context.Exits.Read(unit.Id);
        bool startedBefore = wasRunning && unit.Container.State.Status is not ContainerStatus.Restarting;
        if (startedBefore)
            await EndAsync(unit, code ?? VanishedCode);
        await exits.CleanUpAsync(unit);
        return await AfterwardsAsync(unit, wasRunning);
    }

    async Task AdoptAsync(ContainerUnit unit, int pid, SafeFileHandle handle)
    {
        int conmon = RunningProcess.ConmonOf(pid);
        var run = new ContainerRun(pid, handle, conmon, RunningProcess.EndOfAsync(conmon), unit.Container.State.StartedAt ?? context.Now);
        // Observed: the record was written before the process was let go, so it says so, and says whether it is frozen.
        if (unit.Record.Joined is { } joined && context.Networks.Find(joined.Name) is { } network)
            await network.ResumeAsync(unit.Id, joined.Attachment, CancellationToken.None);
        exits.Watch(unit, run);
        LogAdopted(context.Options.Logger, unit.Id, pid);
    }

    async Task EndAsync(ContainerUnit unit, int code)
    {
        bool oom = File.Exists($"{context.Run.Bundle(unit.Id)}/oom");
        DateTimeOffset ended = File.Exists(context.Run.Exit(unit.Id)) ? new DateTimeOffset(File.GetLastWriteTimeUtc(context.Run.Exit(unit.Id))) : context.Now;
        await unit.ChangeStateAsync(
            context.Records,
            state => state with { Status = ContainerStatus.Exited, Pid = 0, ExitCode = code, OOMKilled = oom, FinishedAt = ended },
            Durability.Eventual);
        context.Tell(unit.Container, "die", ("exitCode", code.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    async Task<bool> AfterwardsAsync(ContainerUnit unit, bool wasRunning)
    {
        if (unit.Container.Host.AutoRemove)
        {
            exits.RemoveLater(unit, new ContainerExit(unit.Container.State.ExitCode));
            return false;
        }

        if (RestartDecisions.StartsWithEngine(unit.Container.Host.RestartPolicy, wasRunning, unit.Record.StoppedByUser))
            return true;
        if (unit.Container.State.Status == ContainerStatus.Restarting)
            await unit.ChangeStateAsync(context.Records, static state => state with { Status = ContainerStatus.Exited }, Durability.Eventual);
        return false;
    }

    void StartLater(ContainerUnit unit) => context.Background.Begin($"container {unit.Id}: the start that its policy asks for", async () =>
    {
        using IDisposable turn = await unit.EnterAsync(CancellationToken.None);
        if (LifecycleDecisions.Decide(unit.Container.State.Status, LifecycleRequest.Start) is LifecycleDecision.Proceed or LifecycleDecision.CancelRestartFirst)
            await start.RunAsync(unit);
    });

    async Task RemoveNamelessAsync(HashSet<string> known, CancellationToken cancellationToken)
    {
        foreach (string id in context.Folder.List().Where(id => !known.Contains(id)).ToList())
        {
            await TryAsync(id, () =>
            {
                context.Folder.Remove(id);
                return Task.CompletedTask;
            });
        }

        foreach (string path in Directory.EnumerateDirectories(context.Run.Containers).Concat(Directory.EnumerateDirectories(context.Run.RuntimeRoot)).ToList())
        {
            string id = Path.GetFileName(path);
            // The runtimes keep things of their own there, under names with a dot.
            if (known.Contains(id) || id.StartsWith('.'))
                continue;
            await TryAsync(id, async () =>
            {
                await RunningProcess.KillConmonsAsync(id);
                await context.Remains.RemoveAsync(id, $"{context.Options.CgroupParent.TrimEnd('/')}/{id}");
            });
        }

        HashSet<string> holders = [.. known.Select(ContainerUnit.HolderOf)];
        foreach (WritableLayer layer in await context.Layers.ListWritableAsync(cancellationToken))
        {
            if (layer.Owner.StartsWith(ContainerUnit.HolderOf(""), StringComparison.Ordinal) && !holders.Contains(ContainerUnit.HolderOfOwner(layer.Owner)))
                await TryAsync(layer.Owner, () => context.Layers.RemoveWritableAsync(layer.Id, Durability.Eventual, CancellationToken.None));
        }

        // What cannot be read may run: nothing is taken from it.
        HashSet<string> running = [.. context.Table.All.Where(static unit => unit.Run is not null).Select(static unit => unit.Holder)];
        running.UnionWith(holders.Where(holder => !context.Table.All.Any(unit => unit.Holder == holder)));
        await context.Volumes.ReconcileAsync(holders, running, cancellationToken);
    }

    // What cannot be removed now is found again by the next start; it does not keep the engine from its users.
    async Task TryAsync(string id, Func<Task> remove)
    {
        try
        {
            await remove();
        }
        catch (Exception e)
        {
            LogNotRemoved(context.Options.Logger, id, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Id}: no record names it, and what is left of it cannot be removed")]
    static partial void LogNotRemoved(ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "container {Id}: its record cannot be read")]
    static partial void LogUnreadable(ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "container {Id}: it could not be brought in line with its record")]
    static partial void LogNotRecovered(ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "container {Id}: taken over, process {Pid}")]
    static partial void LogAdopted(ILogger logger, string id, int pid);
}
