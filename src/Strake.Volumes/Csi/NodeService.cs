using Strake.Csi;
using Strake.Grpc;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>The calls of <c>csi.v1.Node</c>: decoded, carried out, encoded. Nothing is staged: the engine's own mount of a volume is what a stage would be.</summary>
/// <param name="options">The volumes, and the node's name.</param>
/// <param name="published">The places at which volumes are.</param>
/// <param name="volumes">The volumes as they are served.</param>
/// <param name="topology">Where the node is.</param>
sealed class NodeService(StrakeCsiOptions options, PublishedVolumes published, ServedVolumes volumes, NodeTopology topology)
{
    static readonly NodeServiceCapability.Types.RPC.Types.Type[] s_calls =
    [
        NodeServiceCapability.Types.RPC.Types.Type.GetVolumeStats,
        NodeServiceCapability.Types.RPC.Types.Type.ExpandVolume,
        NodeServiceCapability.Types.RPC.Types.Type.VolumeCondition,
        NodeServiceCapability.Types.RPC.Types.Type.SingleNodeMultiWriter,
    ];

    /// <summary>What answers.</summary>
    public IEnumerable<GrpcHandler> Handlers =>
    [
        GrpcHandler.Unary(NodeMethods.NodeGetCapabilities, static (_, _) => Task.FromResult(Capabilities())),
        GrpcHandler.Unary(NodeMethods.NodeGetInfo, (_, _) => Task.FromResult(new NodeGetInfoResponse { NodeId = options.NodeId, AccessibleTopology = topology.Here })),
        GrpcHandler.Unary(NodeMethods.NodePublishVolume, PublishAsync),
        GrpcHandler.Unary(NodeMethods.NodeUnpublishVolume, UnpublishAsync),
        GrpcHandler.Unary(NodeMethods.NodeGetVolumeStats, StatsAsync),
        GrpcHandler.Unary(NodeMethods.NodeExpandVolume, ExpandAsync),
    ];

    async Task<NodePublishVolumeResponse> PublishAsync(NodePublishVolumeRequest request, GrpcServerCall call)
    {
        CsiFields.Map("secrets", request.Secrets);
        CsiFields.Map("publish_context", request.PublishContext);
        await published.PublishAsync(request, call.Cancelled);
        return new NodePublishVolumeResponse();
    }

    async Task<NodeUnpublishVolumeResponse> UnpublishAsync(NodeUnpublishVolumeRequest request, GrpcServerCall call)
    {
        await published.UnpublishAsync(request.VolumeId, request.TargetPath, call.Cancelled);
        return new NodeUnpublishVolumeResponse();
    }

    async Task<NodeGetVolumeStatsResponse> StatsAsync(NodeGetVolumeStatsRequest request, GrpcServerCall call)
    {
        ServedVolumes.Served volume = await published.AtAsync(request.VolumeId, request.VolumePath, call.Cancelled);
        VolumeSpace? space = await options.Volumes.Measures.SpaceOfAsync(request.VolumeId, call.Cancelled);
        var stats = new NodeGetVolumeStatsResponse { VolumeCondition = new VolumeCondition { Message = "the volume is there" } };
        if (volume.IsBlock)
        {
            stats.Usage.Add(new VolumeUsage { Unit = VolumeUsage.Types.Unit.Bytes, Total = volume.CapacityBytes });
            return stats;
        }

        // What the volume is kept within says more than the file system that it may share with others.
        FileSystemStat disk = Syscall.StatFs(request.VolumePath);
        stats.Usage.Add(
            space is { LimitBytes: { } limit, UsedBytes: { } bytes }
                ? UsageOf(VolumeUsage.Types.Unit.Bytes, limit, bytes, Math.Min(limit - bytes, disk.AvailableBytes))
                : UsageOf(VolumeUsage.Types.Unit.Bytes, disk.SizeBytes, space?.UsedBytes ?? (disk.SizeBytes - disk.FreeBytes), disk.AvailableBytes));
        if (space is { LimitInodes: { } inodes, UsedInodes: { } used })
            stats.Usage.Add(UsageOf(VolumeUsage.Types.Unit.Inodes, inodes, used, inodes - used));
        else if (disk.Inodes > 0)   // btrfs makes them as they are needed
            stats.Usage.Add(UsageOf(VolumeUsage.Types.Unit.Inodes, disk.Inodes, disk.Inodes - disk.FreeInodes, disk.FreeInodes));
        return stats;
    }

    // Where the controller's call was made the volume is large enough already; of a cluster's node this is the only call that there is.
    async Task<NodeExpandVolumeResponse> ExpandAsync(NodeExpandVolumeRequest request, GrpcServerCall call)
    {
        CsiFields.Map("secrets", request.Secrets);
        (long required, _) = CsiFields.Range(request.CapacityRange);
        ServedVolumes.Served volume = await published.AtAsync(request.VolumeId, request.VolumePath, call.Cancelled);
        long capacity = volume.CapacityBytes > 0 && required > volume.CapacityBytes
            ? await volumes.ExpandAsync(request.VolumeId, request.CapacityRange, call.Cancelled)
            : volume.CapacityBytes;
        return new NodeExpandVolumeResponse { CapacityBytes = capacity };
    }

    static VolumeUsage UsageOf(VolumeUsage.Types.Unit unit, long total, long used, long available) =>
        new() { Unit = unit, Total = total, Used = used, Available = Math.Max(0, available) };

    static NodeGetCapabilitiesResponse Capabilities() => new()
    {
        Capabilities = { s_calls.Select(static type => new NodeServiceCapability { Rpc = new() { Type = type } }) },
    };
}
