using Strake.Csi;
using Strake.Grpc;
using ControllerCall = Strake.Csi.ControllerServiceCapability.Types.RPC.Types.Type;
using Expansion = Strake.Csi.PluginCapability.Types.VolumeExpansion.Types.Type;
using GroupCall = Strake.Csi.GroupControllerServiceCapability.Types.RPC.Types.Type;
using NodeCall = Strake.Csi.NodeServiceCapability.Types.RPC.Types.Type;
using Service = Strake.Csi.PluginCapability.Types.Service.Types.Type;

namespace Strake.Volumes;

/// <summary>What a driver has announced: which services and calls it has, and what it calls this node.</summary>
sealed class CsiAbilities
{
    readonly HashSet<Service> services = [];
    readonly HashSet<ControllerCall> controller = [];
    readonly HashSet<NodeCall> node = [];
    readonly HashSet<GroupCall> group = [];
    readonly HashSet<Expansion> expansion = [];

    /// <summary>The driver's own version.</summary>
    public string Version { get; private set; } = "";

    /// <summary>What the driver calls this node.</summary>
    public string NodeId { get; private set; } = "";

    /// <summary>How many of its volumes the node may have at once; 0: the driver does not say.</summary>
    public long MaxVolumes { get; private set; }

    /// <summary>Where the node is; null: everywhere is the same.</summary>
    public Topology? Topology { get; private set; }

    /// <summary>Whether it has a service.</summary>
    public bool Has(Service service) => services.Contains(service);

    /// <summary>Whether its controller has a call.</summary>
    public bool Has(ControllerCall call) => controller.Contains(call);

    /// <summary>Whether its node has a call.</summary>
    public bool Has(NodeCall call) => node.Contains(call);

    /// <summary>Whether it has a call for groups.</summary>
    public bool Has(GroupCall call) => group.Contains(call);

    /// <summary>Whether volumes can grow only while no node has them.</summary>
    public bool ExpandsOfflineOnly => expansion.Contains(Expansion.Offline) && !expansion.Contains(Expansion.Online);

    /// <summary>Whether it tells one user on a node from several.</summary>
    public bool HasSingleNodeModes => Has(ControllerCall.SingleNodeMultiWriter) || Has(NodeCall.SingleNodeMultiWriter);

    /// <summary>Asks a driver.</summary>
    /// <exception cref="CsiRefusalException">It does not answer, or is another one.</exception>
    public static async Task<CsiAbilities> AskAsync(CsiConnection connection, CsiPatience patience, CancellationToken cancellationToken)
    {
        var asked = new CsiAbilities();
        GetPluginInfoResponse info = await connection.CallAsync(IdentityMethods.GetPluginInfo, new(), patience, CsiSecrets.None, cancellationToken);
        if (info.Name != connection.Driver)
            throw connection.Lie("GetPluginInfo", $"the driver at {connection.Socket} calls itself \"{info.Name}\"");
        asked.Version = info.VendorVersion;
        await ProbeAsync(connection, patience, cancellationToken);
        GetPluginCapabilitiesResponse plugin = await connection.CallAsync(IdentityMethods.GetPluginCapabilities, new(), patience, CsiSecrets.None, cancellationToken);
        asked.services.UnionWith(plugin.Capabilities.Where(static one => one.Service is not null).Select(static one => one.Service.Type));
        asked.expansion.UnionWith(plugin.Capabilities.Where(static one => one.VolumeExpansion is not null).Select(static one => one.VolumeExpansion.Type));
        if (asked.Has(Service.ControllerService))
        {
            ControllerGetCapabilitiesResponse calls = await connection.CallAsync(ControllerMethods.ControllerGetCapabilities, new(), patience, CsiSecrets.None, cancellationToken);
            asked.controller.UnionWith(calls.Capabilities.Where(static one => one.Rpc is not null).Select(static one => one.Rpc.Type));
        }

        if (asked.Has(Service.GroupControllerService))
        {
            GroupControllerGetCapabilitiesResponse calls = await connection.CallAsync(GroupControllerMethods.GroupControllerGetCapabilities, new(), patience, CsiSecrets.None, cancellationToken);
            asked.group.UnionWith(calls.Capabilities.Where(static one => one.Rpc is not null).Select(static one => one.Rpc.Type));
        }

        NodeGetCapabilitiesResponse onNode = await connection.CallAsync(NodeMethods.NodeGetCapabilities, new(), patience, CsiSecrets.None, cancellationToken);
        asked.node.UnionWith(onNode.Capabilities.Where(static one => one.Rpc is not null).Select(static one => one.Rpc.Type));
        NodeGetInfoResponse here = await connection.CallAsync(NodeMethods.NodeGetInfo, new(), patience, CsiSecrets.None, cancellationToken);
        if (here.NodeId.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(here.NodeId) > CsiFields.MaxNodeIdBytes)
            throw connection.Lie("NodeGetInfo", "it gave no id of the node, or one that is too long");
        (asked.NodeId, asked.MaxVolumes, asked.Topology) = (here.NodeId, here.MaxVolumesPerNode, here.AccessibleTopology);
        return asked;
    }

    // Ready, or it does not say: spec.md, "Probe".
    static async Task ProbeAsync(CsiConnection connection, CsiPatience patience, CancellationToken cancellationToken) =>
        await connection.CallAsync(
            IdentityMethods.Probe,
            new(),
            patience,
            CsiSecrets.None,
            cancellationToken,
            static answer => answer.Ready == false ? new GrpcStatus(GrpcStatusCode.Unavailable, "it says that it is not ready") : null);
}
