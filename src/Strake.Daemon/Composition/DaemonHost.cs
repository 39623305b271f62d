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
/// sockets                        only now there are answers
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
        await new DaemonHost(options, lines, time).RunAsync(signals.Token);
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
        await using Engine engine = await Engine.OpenAsync(options, journal.Add, logs, time, stopping);
        await using (ApiServer server = Serve(engine, journal, stopping))
        {
            await server.StartAsync(stopping);
            LogReady(
                string.Join(' ', options.ListenAddresses), engine.Driver.Driver.Name, engine.Driver.Reason,
                time.GetElapsedTime(begun).TotalMilliseconds);
            WarnOfOpenDoors();
            await WaitAsync(stopping);
            LogStopping();
        }

        LogStopped();
    }

    ApiServer Serve(Engine engine, EventJournal journal, CancellationToken stopping)
    {
        var routes = new DockerRoutes
        {
            Images = engine.Images,
            Volumes = engine.Volumes,
            Containers = engine.Containers,
            Networks = engine.Networks,
            Journal = journal,
            Daemon = Describe(engine),
            Time = time,
        };
        var router = new Router([.. routes.All, .. new StoreCheckRoutes(engine).All]);
        var application = new HttpApplication(router, time, logs.CreateLogger("api"), stopping);
        return new ApiServer(options.ListenAddresses, new ListenSocket(SocketGroup.Find(options.Group)), application, time, logs);
    }

    DaemonDescription Describe(Engine engine) => new()
    {
        DataRoot = options.DataRoot,
        Driver = engine.Driver.Driver.Name,
        DriverStatus = [.. engine.Driver.Driver.Status, new("Chosen because", engine.Driver.Reason)],
        Runtimes = engine.Runtimes,
        DefaultRuntime = engine.DefaultRuntime,
        Labels = options.Labels,
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whoever reaches {Address} is root on this machine: there is neither encryption nor log-in")]
    partial void LogOpenDoor(ListenAddress address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping; containers go on")]
    partial void LogStopping();

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped")]
    partial void LogStopped();
}
