using Microsoft.Extensions.Logging;
using Strake.Daemon.Building;
using Strake.Daemon.BuildKit;
using Strake.Daemon.Configuration;
using Strake.Daemon.Csi;
using Strake.Daemon.DockerApi;
using Strake.Daemon.KubernetesApi;
using Strake.Daemon.KubernetesApi.Pods;
using Strake.Daemon.Logging;
using Strake.Daemon.Server;
using Strake.Daemon.StrakeApi;
using Strake.Daemon.VolumePlugin;
using Strake.Grpc;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Storage;
using Strake.Linux;
using Strake.Volumes;

namespace Strake.Daemon.Composition;

/// <summary>The daemon's life: from options to listening sockets, and back at a signal. Containers outlive it.</summary>
/// <remarks>
/// What a daemon owns while it lives, and gives back in the reverse order:
/// <code>
/// &lt;data root&gt;/strake.lock       one daemon a data root
/// &lt;exec root&gt;/strake.pid        one daemon an exec root
/// engine                         stores, drivers, what they recovered
/// sockets                        made meanwhile; there are answers only once the engine is there
/// </code>
/// </remarks>
public sealed partial class DaemonHost
{
    readonly DaemonOptions options;
    readonly TimeProvider time;
    readonly ILoggerFactory logs;
    readonly ILogger log;
    StrakeCsi? strakeCsi;

    DaemonHost(DaemonOptions options, ILoggerFactory logs, TimeProvider time)
    {
        this.options = options;
        this.logs = logs;
        this.time = time;
        log = logs.CreateLogger("daemon");
    }

    /// <summary>Runs a daemon until a signal ends it.</summary>
    /// <param name="options">What the user wants.</param>
    /// <param name="output">Receives the log; stays the caller's.</param>
    /// <param name="time">The clock of everything.</param>
    /// <exception cref="StrakeException">The daemon cannot start; says what to do.</exception>
    public static async Task RunAsync(DaemonOptions options, TextWriter output, TimeProvider time)
    {
        using var signals = new StopSignals();
        using var lines = new LogLines(output, options.LogLevel, time);
        try
        {
            await new DaemonHost(options, lines, time).RunAsync(signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // Told to end before it was up: what was opened is closed again.
        }
    }

    async Task RunAsync(CancellationToken stopping)
    {
        long begun = time.GetTimestamp();
        // Others may pass through to what is theirs (a volume's content), not look around.
        MakeFolder(options.DataRoot, Permissions.Octal0711);
        MakeFolder(options.ExecRoot, Permissions.Octal0711);
        using DataRootLock dataRoot = DataRootLock.Take(options.DataRoot);
        using PidFile pid = PidFile.Write(options.PidPath);
        var journal = new EventJournal();
        var routes = new TaskCompletionSource<Router>(TaskCreationOptions.RunContinuationsAsynchronously);
        var application = new HttpApplication(routes.Task, time, logs.CreateLogger("api"), stopping);
        // Both take their time, and neither needs the other: a client that comes early waits for its answer.
        Task<ApiServer> listening = Task.Run(() => ListenAsync(application, stopping), stopping);
        await using Engine engine = await OpenEngineAsync(journal, listening, stopping);
        await using (await listening)
        {
            foreach (string finding in engine.Volumes.OpenFindings.Concat(engine.Images.OpenFindings)) LogFinding(finding);
            await using ApiServer serving = await ServeVolumesAsync(engine, stopping);
            await using GrpcHost? csi = await ServeCsiAsync(engine, stopping);
            await using KubernetesServer? kubernetes = await ServeKubernetesAsync(engine, journal, stopping);
            routes.SetResult(MakeRouter(engine, journal));
            LogReady(
                string.Join(' ', options.ListenAddresses), engine.Driver.Driver.Name, engine.Driver.Reason,
                time.GetElapsedTime(begun).TotalMilliseconds);
            foreach (string warning in engine.Driver.Driver.Warnings) LogStorageWarning(warning);
            WarnOfOpenDoors();
            Task settling = SettleAsync(engine, stopping);
            Task emptying = TrashRounds.RunAsync(engine.Volumes, LogFinding, time, stopping);
            await new IdleRest(() => application.Requests + (kubernetes?.Requests ?? 0), time, log).RunAsync(stopping);
            await WaitAsync(stopping);
            LogStopping();
            await settling;
            await emptying;
        }

        LogStopped();
    }

    // The volumes for other engines: a socket of its own, for who has it can mount whatever is there.
    async Task<ApiServer> ServeVolumesAsync(Engine engine, CancellationToken stopping)
    {
        ListenAddress address = ListenAddress.Parse("unix://" + options.PluginEndpointPath);
        Task<Router> router = Task.FromResult(new Router([.. new VolumeDriverRoutes(engine.Volumes).All]));
        var application = new HttpApplication(router, time, logs.CreateLogger("volume-plugin"), stopping);
        var server = new ApiServer([address], new DaemonSocket(group: null), application, time, logs);
        try
        {
            await server.StartAsync(stopping);
            if (options.PluginLink is { } folder) VolumeEndpoint.Announce(folder, options.PluginEndpointPath);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    // For orchestrators, where somebody wants that: a server of its own costs memory.
    async Task<GrpcHost?> ServeCsiAsync(Engine engine, CancellationToken stopping)
    {
        if (options.CsiEndpoints.Count == 0) return null;
        return await CsiEndpoint.ServeAsync(DriverOf(engine), options.CsiEndpoints, time, logs, stopping);
    }

    // One for all who call it: its calls for one volume wait for each other.
    StrakeCsi DriverOf(Engine engine) => strakeCsi ??= new StrakeCsi(CsiEndpoint.OptionsOf(engine.Volumes, engine.State, options.DataRoot, options.NodeId, time) with
    {
        Hold = async (volume, cancellationToken) => await HeldWriters.OfAsync(engine.Volumes, engine.Containers, volume, always: true, cancellationToken),
    });

    // Nothing of it is touched where nobody asks for it.
    async Task<KubernetesServer?> ServeKubernetesAsync(Engine engine, EventJournal journal, CancellationToken stopping)
    {
        if (options.KubeListen is not { } address) return null;
        KubernetesServer server = await KubernetesServer.StartAsync(
            address, options.DataRoot, options.ExecRoot, engine.State, objects => StorageOf(engine, objects), new PodHost(engine, journal, options.DataRoot), time, logs, stopping);
        LogKubernetes(server.Port, Path.Combine(options.ExecRoot, "kubeconfig"));
        return server;
    }

    ClaimStorage StorageOf(Engine engine, IObjectStore objects) =>
        new(new StorageOptions(engine.Volumes, engine.State, objects, DriverOf(engine).Storage, Path.Combine(options.DataRoot, "kube", "secrets"))
        {
            Csi = engine.Csi,
            // With the mounts of builds, which a start clears.
            Filler = new ImageFiller(engine.Images, engine.Layers, engine.Volumes, Path.Combine(options.ExecRoot, "build")),
        });

    // What the last run left at plugins: they may be slow to answer, and nobody waits for that.
    async Task SettleAsync(Engine engine, CancellationToken stopping)
    {
        try
        {
            engine.Csi.OnArrival = () => SettleLeftAsync(engine, stopping);
            foreach (string finding in await engine.Volumes.SettleSharedAsync(stopping)) LogFinding(finding);
        }
        catch (Exception failed) when (failed is StrakeException or IOException or OperationCanceledException)
        {
            if (!stopping.IsCancellationRequested) LogFinding($"plugins: what the last run left at them cannot be finished yet: {failed.Message}");
        }
    }

    // A driver has come that was away.
    async Task SettleLeftAsync(Engine engine, CancellationToken stopping)
    {
        try
        {
            foreach (string finding in await engine.Volumes.SettleLeftAsync(stopping)) LogFinding(finding);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next run goes on.
        }
    }

    async Task<ApiServer> ListenAsync(HttpApplication application, CancellationToken stopping)
    {
        var server = new ApiServer(options.ListenAddresses, new DaemonSocket(SocketGroup.Find(options.Group)), application, time, logs);
        try
        {
            await server.StartAsync(stopping);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    async Task<Engine> OpenEngineAsync(EventJournal journal, Task<ApiServer> listening, CancellationToken stopping)
    {
        try
        {
            return await Engine.OpenAsync(options, journal.Add, logs, time, stopping);
        }
        catch
        {
            await using (await listening) throw;
        }
    }

    Router MakeRouter(Engine engine, EventJournal journal)
    {
        var docker = new DockerRoutes
        {
            Images = engine.Images,
            Registries = engine.Registries,
            Volumes = engine.Volumes,
            Plugins = engine.Plugins,
            Csi = engine.Csi,
            Managed = engine.Managed,
            Containers = engine.Containers,
            Builder = engine.Builder,
            Networks = engine.Networks,
            Journal = journal,
            Daemon = Describe(engine),
            Time = time,
            Log = logs.CreateLogger("api"),
        };
        var builds = new BuildKitRoutes(() => new BuildBackend(DescribeBuilder(engine), engine.Builder, engine.Images, Path.Combine(options.ExecRoot, "agents"), time), time, logs.CreateLogger("build"));
        return new Router(
        [
            .. builds.All,
            .. docker.All,
            .. new StoreCheckRoutes(engine).All,
            .. new StrakeApi.VolumeRoutes(engine.Volumes, engine.Containers).All,
            .. new StrakeApi.CopyRoutes(engine.Volumes, engine.Containers).All,
            .. new StrakeApi.TrashRoutes(engine.Volumes).All,
        ]) { Calls = builds.AnswerAsync };
    }

    BuildWorker DescribeBuilder(Engine engine) => new(HostFacts.IdOf(options.DataRoot), $"linux/{new HostFacts().GoArchitecture}")
    {
        Labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["org.mobyproject.buildkit.worker.executor"] = engine.Containers.RuntimeName,
            // By this label buildx tells an engine that makes archives of a build (-o type=oci, type=docker,dest=…) and several outputs at once.
            ["org.mobyproject.buildkit.worker.snapshotter"] = engine.Driver.Driver.Name,
        },
    };

    DaemonDescription Describe(Engine engine) => new()
    {
        DataRoot = options.DataRoot,
        Driver = engine.Driver.Driver.Name,
        DriverStatus = () => [.. engine.Driver.Driver.Status, new("Chosen because", engine.Driver.Reason)],
        DriverWarnings = engine.Driver.Driver.Warnings,
        Runtimes = new Dictionary<string, string>(options.Runtimes, StringComparer.Ordinal)
        {
            [engine.Containers.RuntimeName] = engine.Containers.RuntimePath,
        },
        DefaultRuntime = engine.Containers.RuntimeName,
        Labels = options.Labels,
        Registries = RegistryConfigBody.Of(options.InsecureRegistries, options.RegistryMirrors),
        Debug = options.LogLevel <= LogLevel.Debug,
    };

    void WarnOfOpenDoors()
    {
        foreach (ListenAddress address in options.ListenAddresses)
            if (address.Path is null) LogOpenDoor(address);
    }

    static async Task WaitAsync(CancellationToken stopping)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stopping.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), stopped)) await stopped.Task;
    }

    static void MakeFolder(string path, UnixFileMode mode)
    {
        try
        {
            if (Directory.Exists(path)) return;
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "/");
            Directory.CreateDirectory(path, mode);
            // Whatever the umask is.
            File.SetUnixFileMode(path, mode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StrakeException.Unavailable($"cannot make the folder {path}: {e.Message}", e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready on {Sockets} after {ElapsedMs:0} ms, layers kept by {StorageDriver} ({Because})")]
    partial void LogReady(string sockets, string storageDriver, string because, double elapsedMs);

    [LoggerMessage(Level = LogLevel.Error, Message = "Found at the start, and not to be mended: {Finding} (see strake fsck)")]
    partial void LogFinding(string finding);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Storage: {Warning}")]
    partial void LogStorageWarning(string warning);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whoever reaches {Address} is root on this machine: there is neither encryption nor log-in")]
    partial void LogOpenDoor(ListenAddress address);

    [LoggerMessage(Level = LogLevel.Information, Message = "kubectl is answered on port {Port}: KUBECONFIG={KubeConfig}")]
    partial void LogKubernetes(int port, string kubeConfig);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping; containers go on")]
    partial void LogStopping();

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped")]
    partial void LogStopped();
}
