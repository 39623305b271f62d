using Strake.Csi;
using Strake.Grpc;

namespace Strake.Volumes;

/// <summary>
/// The driver <c>strake.csi</c>: local volumes for any orchestrator of the Container Storage Interface. What it makes is a volume like any
/// other; what it publishes is in the ledger of uses.
/// </summary>
/// <remarks>Container Storage Interface 1.12, services Identity, Controller, GroupController and Node; a volume needs no staging, and no call to attach it.</remarks>
/// <example><code>
/// var driver = new StrakeCsi(new StrakeCsiOptions(volumes, state, "/var/lib/strake/volumes", "node-1", "1.0", TimeProvider.System));
/// await driver.SettleAsync(ct);
/// var server = new GrpcServer(driver.Handlers, new GrpcServerOptions { Describe = CsiStatus.Of });
/// </code></example>
public sealed class StrakeCsi
{
    /// <summary>The driver's name.</summary>
    public const string Name = "strake.csi";

    readonly PublishedVolumes published;

    /// <summary>A driver; nothing is done before the first call.</summary>
    /// <param name="options">What it is made of.</param>
    /// <exception cref="StrakeException">Invalid: the node's name cannot be one.</exception>
    public StrakeCsi(StrakeCsiOptions options)
    {
        if (options.NodeId.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(options.NodeId) > CsiFields.MaxNodeIdBytes)
            throw StrakeException.Invalid($"\"{options.NodeId}\" cannot be a node's id: 1 to {CsiFields.MaxNodeIdBytes} bytes");
        var records = new ServedRecords(options.State);
        var names = new NameQueue();
        var topology = new NodeTopology(options.NodeId);
        var volumes = new ServedVolumes(options, records, names, topology);
        var snapshots = new ServedSnapshots(options, records, names, volumes);
        Storage = new ServedStorage(volumes, snapshots, records);
        published = new PublishedVolumes(options, records, names, volumes);
        Handlers =
        [
            .. new IdentityService(options.Version).Handlers,
            .. new ControllerService(options, volumes, snapshots, topology).Handlers,
            .. new GroupControllerService(new ServedGroups(options, records, names, snapshots)).Handlers,
            .. new NodeService(options, published, volumes, topology).Handlers,
        ];
    }

    /// <summary>What answers the interface's calls; exceptions are told by <see cref="CsiStatus.Of"/>.</summary>
    public IReadOnlyList<GrpcHandler> Handlers { get; }

    /// <summary>The same for callers within the engine.</summary>
    public ServedStorage Storage { get; }

    /// <summary>Ends what an earlier run of the machine has left. Call it once, before the first call is served.</summary>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    public Task SettleAsync(CancellationToken cancellationToken) => published.SettleAsync(cancellationToken);
}
