using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Strake.Containers.Engine;
using Strake.Containers.Oci;
using Strake.Containers.Runtime;
using Strake.Containers.Spec;
using Strake.Linux;

namespace Strake.Containers.Plugins;

/// <summary>
/// Runs plugins as containers of a kind of their own: held by conmon, so that they and what they have mounted outlive the engine, and in the
/// host's mount namespace, so that what they mount is seen there.
/// </summary>
sealed partial class PluginRunner
{
    const long LogBytes = 1 << 20;

    readonly PluginFolder folder;
    readonly RunFolder run;
    readonly Conmon conmon;
    readonly RuntimeRemains remains;
    readonly HostFeatures features;
    readonly string cgroupParent;
    readonly ILogger logger;
    readonly TimeProvider time;

    public PluginRunner(PluginFolder folder, string? conmonPath, string cgroupParent, ILogger logger, TimeProvider time)
    {
        this.folder = folder;
        this.cgroupParent = cgroupParent;
        this.logger = logger;
        this.time = time;
        features = HostFeatures.Read();
        run = new RunFolder(folder.Running);
        run.Make();
        OciRuntime runtime = Choose(features.Cgroups);
        conmon = new Conmon(RuntimeProbe.Find(conmonPath ?? "conmon") ?? throw StrakeException.Unavailable("conmon is not there: install it"), runtime, run);
        remains = new RuntimeRemains(features.Cgroups, run, new RuntimeCommand(runtime, run, new MountThread(folder.Running, folder.Home, features.Cgroups, runtime), time));
    }

    /// <summary>Takes over a plugin that runs; null when it does not.</summary>
    public RunningPlugin? Adopt(ManagedPlugin plugin) => RunningProcess.Find($"{run.Bundle(plugin.Id)}/pid", CgroupOf(plugin.Id)) is var (pid, process) && File.Exists(SocketOf(plugin))
        ? new RunningPlugin(pid, SocketOf(plugin), EndAsync(process))
        : null;

    /// <summary>Starts a plugin, and waits until something answers at its socket.</summary>
    /// <param name="plugin">The plugin; it does not run.</param>
    /// <param name="root">Its root file system.</param>
    /// <param name="limit">How long to wait for its socket.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StrakeException">Internal: it ended, or did not open its socket; with what it printed last.</exception>
    public async Task<RunningPlugin> StartAsync(ManagedPlugin plugin, string root, TimeSpan limit, CancellationToken cancellationToken)
    {
        await StopAsync(plugin.Id);
        Prepare(plugin, root);
        FaultPoint.Reach("plugin.start.prepared");
        using ConmonProcess started = conmon.Create(new ConmonStart(plugin.Id, folder.Log(plugin.Id), LogBytes, Tty: false, Stdin: false, KeepStdinOpen: false));
        SyncMessage? message = await started.ReadAsync(cancellationToken);
        if (message is not { Number: > 0 and var pid })
            throw StrakeException.Internal($"plugin {plugin.Name} cannot be started: {RuntimeFailure.Of(message?.Message ?? "conmon ended without a word", plugin.Config.Entrypoint.FirstOrDefault("")).Reason}");
        SafeFileHandle process = Syscall.TryPidfdOpen(pid) ?? throw Ended(plugin);
        var running = new RunningPlugin(pid, SocketOf(plugin), EndAsync(process));
        FaultPoint.Reach("plugin.start.created");
        if (!await ExecFifo.TryReleaseAsync(conmon.Runtime, run.RuntimeState(plugin.Id), cancellationToken))
            throw Ended(plugin);
        await ListensAsync(plugin, running, limit, cancellationToken);
        return running;
    }

    /// <summary>Ends a plugin with all that it has mounted. Idempotent.</summary>
    public async Task StopAsync(string id)
    {
        if (RunningProcess.Find($"{run.Bundle(id)}/pid", CgroupOf(id)) is var (_, process))
        {
            using (process)
            {
                // Time to unmount what it has mounted, as Docker gives it.
                Syscall.PidfdSendSignal(process, Signal.SIGTERM);
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
                try
                {
                    await Readiness.WaitAsync(process, PollEvents.Readable, patience.Token);
                }
                catch (OperationCanceledException)
                {
                    LogStubborn(logger, id);
                }
            }
        }

        await RunningProcess.KillConmonsAsync(id);
        await remains.RemoveAsync(id, CgroupOf(id));
        foreach (MountEntry mount in MountTable.Below(folder.Propagated(id)).Reverse())
            Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach | UnmountFlags.NoFollow);
        TreeRemoval.Remove(folder.Sockets(id));
    }

    void Prepare(ManagedPlugin plugin, string root)
    {
        Directory.CreateDirectory(run.Bundle(plugin.Id), Permissions.Octal0700);
        Directory.CreateDirectory(folder.Sockets(plugin.Id), Permissions.Octal0700);
        if (plugin.Config.PropagatedMount.Length > 0)
        {
            string seen = folder.Propagated(plugin.Id);
            Directory.CreateDirectory(seen, Permissions.Octal0755);
            // A mount of its own that is shared: what is mounted on its copy in the plugin's namespace is mounted here as well.
            Syscall.Mount(seen, seen, null, MountFlags.Bind);
            Syscall.Mount(null, seen, null, MountFlags.Private);
            Syscall.Mount(null, seen, null, MountFlags.Shared);
            using RootedDirectory inside = RootedDirectory.Open(root, PathRule.InRoot);
            Directory.CreateDirectory(root + Mounts.ContainerPath.Clean(plugin.Config.PropagatedMount));
        }

        OciSpec spec = PluginSpec.Of(plugin, root, folder, CgroupOf(plugin.Id), [.. features.Capabilities]);
        File.WriteAllBytes($"{run.Bundle(plugin.Id)}/config.json", OciJson.Write(spec));
    }

    async Task ListensAsync(ManagedPlugin plugin, RunningPlugin running, TimeSpan limit, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20), time);
        while (!await AnswersAsync(running.Socket, cancellationToken))
        {
            if (running.Ended.IsCompleted)
                throw Ended(plugin);
            if (time.GetElapsedTime(begun) > limit)
                throw StrakeException.Internal($"plugin {plugin.Name}: nothing answers at its socket {plugin.Config.Interface.Socket} within {limit.TotalSeconds:0} s{Said(plugin)}");
            await tick.WaitForNextTickAsync(cancellationToken);
        }
    }

    static async Task<bool> AnswersAsync(string path, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            // Not yet.
            return false;
        }
    }

    StrakeException Ended(ManagedPlugin plugin) => StrakeException.Internal($"plugin {plugin.Name} ended as soon as it was started{Said(plugin)}");

    // The end of its log: the reason stands there, if anywhere.
    string Said(ManagedPlugin plugin)
    {
        const int LastLines = 3;
        string log = folder.Log(plugin.Id);
        string[] lines = File.Exists(log) ? [.. File.ReadLines(log).TakeLast(LastLines)] : [];
        return lines.Length == 0 ? "" : $"; it said: {string.Join(" | ", lines.Select(static line => string.Join(' ', line.Split(' ').Skip(3))))}";
    }

    static async Task EndAsync(SafeFileHandle process)
    {
        using (process)
            await Readiness.WaitAsync(process, PollEvents.Readable, CancellationToken.None);
    }

    string SocketOf(ManagedPlugin plugin) => $"{folder.Sockets(plugin.Id)}/{plugin.Config.Interface.Socket}";

    string CgroupOf(string id) => $"{cgroupParent.TrimEnd('/')}/plugin-{id}";

    // A view of cgroups without the second version needs a mount namespace apart from the host's, from which no mount would be seen.
    static OciRuntime Choose(CgroupHierarchies cgroups)
    {
        OciRuntime best = RuntimeProbe.Choose(null, cgroups);
        return best.NeedsLegacyView ? RuntimeProbe.Choose("runc", cgroups) : best;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "plugin {Id} does not end when it is told to, and is killed")]
    static partial void LogStubborn(ILogger logger, string id);
}
