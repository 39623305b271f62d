using Microsoft.Extensions.Logging;
using Strake.Daemon.Csi;
using Strake.Daemon.Logging;
using Strake.Grpc;
using Strake.State.Sqlite;
using Strake.Volumes;

namespace Strake.Daemon.Composition;

/// <summary>The driver <c>strake.csi</c> alone: volumes and their records, and nothing of containers. For the nodes of a cluster.</summary>
public static partial class CsiHost
{
    /// <summary>Serves until a signal ends it; what is published stays.</summary>
    /// <param name="options">Where, and with what.</param>
    /// <param name="output">Receives the log; stays the caller's.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="StrakeException">Unavailable: another process has the data root or the socket. Conflict: the data root is a daemon's.</exception>
    public static async Task RunAsync(CsiHostOptions options, TextWriter output, TimeProvider time)
    {
        using var signals = new StopSignals();
        using var logs = new LogLines(output, LogLevel.Information, time);
        CancellationToken stopping = signals.Token;
        Directory.CreateDirectory(options.DataRoot, Linux.Permissions.Octal0711);
        using DataRootLock dataRoot = DataRootLock.Take(options.DataRoot);
        await using SqliteStateStore state = SqliteStateStore.Open(new SqliteStateOptions(Path.Combine(options.DataRoot, "strake.db")));
        if ((await state.RangeAsync("container/", stopping)).Count > 0)
            throw StrakeException.Conflict($"{options.DataRoot} is a daemon's: have it serve the volumes, by strake daemon --csi-endpoint");
        var local = new LocalDriver(Path.Combine(options.DataRoot, "volumes"), time);
        VolumeStore volumes = await VolumeStore.OpenAsync(new VolumeStoreOptions(state, [local], time), stopping);
        var nobody = new HashSet<string>();
        await volumes.ReconcileAsync(nobody, nobody, stopping);
        ILogger log = logs.CreateLogger("csi");
        foreach (string finding in volumes.OpenFindings) LogFinding(log, finding);
        StrakeCsiOptions driver = CsiEndpoint.OptionsOf(volumes, state, options.DataRoot, options.NodeId, time) with { ExpandsOnNode = options.ExpandsOnNode };
        await using GrpcHost host = await CsiEndpoint.ServeAsync(new StrakeCsi(driver), options.Endpoints, time, logs, stopping);
        LogServing(log, StrakeCsi.Name, string.Join(' ', host.Addresses), options.NodeId);
        await TrashRounds.RunAsync(volumes, finding => LogFinding(log, finding), time, stopping);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} is served at {Addresses}, node {Node}")]
    static partial void LogServing(ILogger log, string name, string addresses, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Finding}")]
    static partial void LogFinding(ILogger log, string finding);
}
