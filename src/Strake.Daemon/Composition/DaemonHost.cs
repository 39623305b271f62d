using Microsoft.Extensions.Logging;
using Strake.Daemon.Configuration;
using Strake.Daemon.DockerApi;
using Strake.Daemon.Logging;
using Strake.Daemon.Server;
using Strake.Linux;

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
            routes.SetResult(MakeRouter(engine, journal));
            LogReady(
                string.Join(' ', options.ListenAddresses), engine.Driver.Driver.Name, engine.Driver.Reason,
                time.GetElapsedTime(begun).TotalMilliseconds);
            WarnOfOpenDoors();
            await new IdleRest(() => application.Requests, time, log).RunAsync(stopping);
            await WaitAsync(stopping);
            LogStopping();
        }

        LogStopped();
    }

    async Task<ApiServer> ListenAsync(HttpApplication application, CancellationToken stopping)
    {
        var server = new ApiServer(options.ListenAddresses, new ListenSocket(SocketGroup.Find(options.Group)), application, time, logs);
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
            Containers = engine.Containers,
            Builder = engine.Builder,
            Networks = engine.Networks,
            Journal = journal,
            Daemon = Describe(engine),
            Time = time,
            Log = logs.CreateLogger("api"),
        };
        return new Router([.. docker.All, .. new StoreCheckRoutes(engine).All]);
    }

    DaemonDescription Describe(Engine engine) => new()
    {
        DataRoot = options.DataRoot,
        Driver = engine.Driver.Driver.Name,
        DriverStatus = [.. engine.Driver.Driver.Status, new("Chosen because", engine.Driver.Reason)],
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whoever reaches {Address} is root on this machine: there is neither encryption nor log-in")]
    partial void LogOpenDoor(ListenAddress address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping; containers go on")]
    partial void LogStopping();

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped")]
    partial void LogStopped();
}
