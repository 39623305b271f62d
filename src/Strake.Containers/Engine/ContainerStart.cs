using Microsoft.Win32.SafeHandles;
using Strake.Containers.Lifecycle;
using Strake.Containers.Oci;
using Strake.Containers.Runtime;
using Strake.Containers.Spec;
using Strake.Layers;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>
/// Starts a container: mounts what it needs, has conmon and the runtime make its process, connects clients that wait, joins
/// its network, writes down that it runs, and lets the process go. Whatever fails on the way, all before it is undone.
/// </summary>
/// <param name="context">What it works with.</param>
/// <param name="exits">Takes over when the process runs.</param>
sealed class ContainerStart(EngineContext context, ContainerExits exits)
{
    /// <summary>Starts a container that is not running. The caller has its turn.</summary>
    /// <exception cref="StrakeException">Invalid: its command cannot be run, its user is unknown, …; the container's state says so too.</exception>
    public async Task RunAsync(ContainerUnit unit)
    {
        context.WarmUp.Begin();
        await unit.LastRun;
        Container container = unit.Container;
        FaultPoint.Reach("container.start.before");
        context.Exits.Forget(unit.Id);
        Directory.CreateDirectory(context.Run.Bundle(unit.Id), Permissions.Octal0700);
        Directory.CreateDirectory(context.Run.RootFs(unit.Id), Permissions.Octal0700);
        FaultPoint.Reach("container.start.bundle-made");
        try
        {
            IReadOnlyList<MountPoint> mounts;
            using (context.WarmUp.Hold(context.Time))
                mounts = await new ContainerVolumes(context).MountAsync(unit);
            FaultPoint.Reach("container.start.volumes-mounted");
            ContainerRun run = await StartProcessAsync(unit, container with { Mounts = mounts });
            exits.Watch(unit, run);
        }
        catch (Exception e)
        {
            await FailAsync(unit, e);
            throw;
        }

        context.Tell(unit.Container, "start");
    }

    async Task<ContainerRun> StartProcessAsync(ContainerUnit unit, Container container)
    {
        (ConmonProcess started, OciSpec spec) = await SpawnAsync(unit, container);
        using ConmonProcess conmon = started;
        FaultPoint.Reach("container.start.conmon-spawned");
        int pid = await ReadPidAsync(conmon, container);
        context.Filters.Learn(spec, context.Run.RuntimeState(unit.Id));
        SafeFileHandle process = Syscall.TryPidfdOpen(pid)
            ?? throw StrakeException.Internal($"container {unit.Id}: its process {pid} ended before it was started");
        var run = new ContainerRun(pid, process, conmon.Id, conmon.Exited, context.Now);
        try
        {
            FaultPoint.Reach("container.start.created");
            if (unit.Console.HasSessions)
                await unit.Console.ConnectAsync(context.Run.AttachSocket(unit.Id));
            JoinedNetwork? joined = await JoinAsync(container, pid);
            FaultPoint.Reach("container.start.network-joined");
            await unit.ChangeAsync(context.Records, record => Running(record, container, run, joined), Durability.Eventual);
            FaultPoint.Reach("container.start.recorded");

            // A client that came while we were at it sees that it runs, or is seen here.
            if (unit.Console.HasSessions)
                await unit.Console.ConnectAsync(context.Run.AttachSocket(unit.Id));

            // The point of no return: from here on the process runs.
            if (!await ReleaseAsync(unit.Id, conmon.Exited))
                await context.Command.RunAsync(unit.Id, "start");
            FaultPoint.Reach("container.start.released");
            return run;
        }
        catch
        {
            run.Send(Signal.SIGKILL);
            await conmon.Exited;
            run.Dispose();
            throw;
        }
    }

    // A runtime that was killed in between comes never to the fifo; then conmon ends as well.
    async Task<bool> ReleaseAsync(string id, Task conmonExited)
    {
        using var ended = new CancellationTokenSource();
        Task<bool> released = ExecFifo.TryReleaseAsync(context.Conmon.Runtime, context.Run.RuntimeState(id), ended.Token);
        if (await Task.WhenAny(released, conmonExited) == conmonExited)
            await ended.CancelAsync();
        try
        {
            return await released;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    async Task<(ConmonProcess Conmon, OciSpec Spec)> SpawnAsync(ContainerUnit unit, Container container)
    {
        WritableLayer layer = await context.Layers.FindWritableAsync(unit.Holder, CancellationToken.None)
            ?? throw StrakeException.DataLoss($"container {unit.Id}: its writable layer {container.LayerId} is gone; remove the container");
        string target = context.Run.RootFs(unit.Id);
        IReadOnlyList<HostDevice> blocks = BlockVolumes.Of(container.Mounts);
        container = container with { Mounts = BlockVolumes.Without(blocks, container.Mounts) };
        using StagedMounts staged = await StagedMounts.OpenAsync(context, unit.Id, container.Mounts);
        var (mountNamespace, root) = await context.Mounts.InNewAsync(() =>
        {
            RootedDirectory opened = RootView.Open(context, layer, LayerAccess.ReadWrite, target);
            try
            {
                staged.Place();
                return opened;
            }
            catch
            {
                opened.Dispose();
                throw;
            }
        });
        using (mountNamespace)
        using (root)
        {
            FaultPoint.Reach("container.start.root-mounted");
            new EtcFiles(context).Write(container, endpoint: null);
            OciSpec spec = context.Filters.Apply(SpecBuilder.Build(Input(WithSecrets(container, unit), root, staged, blocks)));
            WorkingDirectories.Ensure(root, container, staged);
            File.WriteAllBytes($"{context.Run.Bundle(unit.Id)}/config.json", OciJson.Write(spec));
            FaultPoint.Reach("container.start.spec-written");
            return (await context.Mounts.InAsync(mountNamespace, () => context.Conmon.Create(ConmonOf(container))), spec);
        }
    }

    static Container WithSecrets(Container container, ContainerUnit unit) => unit.SecretVariables.Count == 0
        ? container
        : container with { Config = container.Config with { Env = [.. container.Config.Env ?? [], .. unit.SecretVariables] } };

    SpecInput Input(Container container, RootedDirectory root, StagedMounts staged, IReadOnlyList<HostDevice> blocks)
    {
        foreach (MountPoint mount in container.Mounts)
            RootRules.CheckMountTarget(root, mount.Destination);
        foreach (string destination in container.Host.Tmpfs?.Keys ?? [])
            RootRules.CheckMountTarget(root, destination);
        return new SpecInput
        {
            Container = container,
            User = AccountFiles.Resolve(root, container.Config.User, container.Host.GroupAdd ?? []),
            Features = context.Features,
            MountSources = staged.Places,
            FileMounts = staged.Files,
            MountRestrictions = staged.Restrictions,
            RootPath = context.Run.RootFs(container.Id),
            CgroupPath = context.CgroupOf(container),
            NetworkNamespace = NamespaceOf(container.Host.NetworkMode, "net"),
            PidNamespace = NamespaceOf(container.Host.PidMode, "pid"),
            IpcNamespace = NamespaceOf(container.Host.IpcMode, "ipc"),
            Devices = [.. HostDevices.Find(container.Host), .. blocks],
        };
    }

    string? NamespaceOf(string? mode, string kind)
    {
        if (NetworkMode.JoinedContainer(mode) is not { } id)
            return null;
        Container other = context.Table.Get(id).Container;
        return other.State.IsRunning
            ? $"/proc/{other.State.Pid}/ns/{kind}"
            : throw StrakeException.Conflict($"cannot join {kind} namespace of a non running container: {id}");
    }

    static ConmonStart ConmonOf(Container container)
    {
        ContainerConfig config = container.Config;
        return new ConmonStart(
            container.Id,
            container.LogPath.Length > 0 ? container.LogPath : null,
            Logs.LogLimit.Of(container.Host.LogConfig),
            config.Tty,
            config.OpenStdin,
            // A terminal's stdin does not end with a client; another one's does where the client was to be the only one.
            KeepStdinOpen: config.Tty || !config.StdinOnce);
    }

    static async Task<int> ReadPidAsync(ConmonProcess conmon, Container container)
    {
        SyncMessage? message = await conmon.ReadAsync(CancellationToken.None);
        if (message is { Number: > 0 and var pid })
            return pid;
        ExitStatus status = await conmon.Exited;
        RuntimeFailure failure = RuntimeFailure.Of(message?.Message ?? $"conmon ended without a word ({status})", container.Path);
        throw new StartFailure(failure).Exception;
    }

    async Task<JoinedNetwork?> JoinAsync(Container container, int pid)
    {
        if (container.Config.NetworkDisabled || container.Host.NetworkMode is "none" or "host" || NetworkMode.JoinedContainer(container.Host.NetworkMode) is not null)
            return null;
        string name = container.Host.NetworkMode ?? context.Networks.Default;
        IContainerNetwork network = context.Networks.Find(name) ?? throw StrakeException.NotFound($"network {name} not found");
        NetworkAttachment attachment = await network.JoinAsync(new NetworkJoin(container.Id, pid, PublishedPorts.Of(container)), CancellationToken.None);
        new EtcFiles(context).Write(container, attachment.Endpoint);
        return new JoinedNetwork(network.Name, attachment);
    }

    static ContainerRecord Running(ContainerRecord record, Container container, ContainerRun run, JoinedNetwork? joined) => record with
    {
        StoppedByUser = false,
        Joined = joined,
        Container = record.Container with
        {
            Mounts = container.Mounts,
            Network = record.Container.Network with
            {
                SandboxKey = $"/proc/{run.Pid}/ns/net",
                Endpoints = joined is null ? record.Container.Network.Endpoints : new Dictionary<string, NetworkEndpoint> { [joined.Name] = joined.Attachment.Endpoint },
                Ports = joined?.Attachment.Ports ?? record.Container.Network.Ports,
            },
            State = new ContainerState { Status = ContainerStatus.Running, Pid = run.Pid, StartedAt = run.StartedAt, FinishedAt = record.Container.State.FinishedAt },
        },
    };

    async Task FailAsync(ContainerUnit unit, Exception e)
    {
        await exits.CleanUpAsync(unit);
        int code = StartFailure.CodeOf(e);
        await unit.ChangeStateAsync(
            context.Records,
            state => state with
            {
                Status = state.StartedAt is null || state.FinishedAt is null ? ContainerStatus.Created : ContainerStatus.Exited,
                Pid = 0,
                ExitCode = code,
                Error = e.Message,
            },
            Durability.Eventual);
        Streams.ConsoleHub console = unit.ReplaceConsole();
        await console.EndAsync();
        var exit = new ContainerExit(code, e.Message);
        await ContainerExits.TellWaitersAsync(unit, console, exit);
        context.Tell(unit.Container, "die", ("exitCode", code.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        if (unit.Container.Host.AutoRemove)
            exits.RemoveLater(unit, exit);
    }
}
