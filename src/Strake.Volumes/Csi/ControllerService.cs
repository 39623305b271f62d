using Strake.Csi;
using Strake.Grpc;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>The calls of <c>csi.v1.Controller</c>: decoded, carried out, encoded.</summary>
/// <param name="options">Where the volumes lie, and who makes them larger.</param>
/// <param name="volumes">The volumes.</param>
/// <param name="snapshots">The snapshots.</param>
/// <param name="topology">Where they are.</param>
sealed class ControllerService(StrakeCsiOptions options, ServedVolumes volumes, ServedSnapshots snapshots, NodeTopology topology)
{
    static readonly ControllerServiceCapability.Types.RPC.Types.Type[] s_calls =
    [
        ControllerServiceCapability.Types.RPC.Types.Type.CreateDeleteVolume,
        ControllerServiceCapability.Types.RPC.Types.Type.ListVolumes,
        ControllerServiceCapability.Types.RPC.Types.Type.GetCapacity,
        ControllerServiceCapability.Types.RPC.Types.Type.CreateDeleteSnapshot,
        ControllerServiceCapability.Types.RPC.Types.Type.ListSnapshots,
        ControllerServiceCapability.Types.RPC.Types.Type.GetSnapshot,
        ControllerServiceCapability.Types.RPC.Types.Type.CloneVolume,
        ControllerServiceCapability.Types.RPC.Types.Type.ExpandVolume,
        ControllerServiceCapability.Types.RPC.Types.Type.GetVolume,
        ControllerServiceCapability.Types.RPC.Types.Type.VolumeCondition,
        ControllerServiceCapability.Types.RPC.Types.Type.SingleNodeMultiWriter,
        ControllerServiceCapability.Types.RPC.Types.Type.ModifyVolume,
    ];

    /// <summary>What answers.</summary>
    public IEnumerable<GrpcHandler> Handlers =>
    [
        GrpcHandler.Unary(ControllerMethods.ControllerGetCapabilities, (_, _) => Task.FromResult(Capabilities())),
        GrpcHandler.Unary(ControllerMethods.CreateVolume, async (request, call) => new CreateVolumeResponse { Volume = await volumes.CreateAsync(request, call.Cancelled) }),
        GrpcHandler.Unary(ControllerMethods.DeleteVolume, DeleteAsync),
        GrpcHandler.Unary(ControllerMethods.ValidateVolumeCapabilities, ValidateAsync),
        GrpcHandler.Unary(ControllerMethods.ListVolumes, ListAsync),
        GrpcHandler.Unary(ControllerMethods.GetCapacity, (request, _) => Task.FromResult(CapacityFor(request))),
        GrpcHandler.Unary(ControllerMethods.ControllerGetVolume, GetAsync),
        GrpcHandler.Unary(ControllerMethods.ControllerExpandVolume, ExpandAsync),
        GrpcHandler.Unary(ControllerMethods.ControllerModifyVolume, ModifyAsync),
        GrpcHandler.Unary(ControllerMethods.CreateSnapshot, async (request, call) => new CreateSnapshotResponse { Snapshot = await snapshots.CreateAsync(request, call.Cancelled) }),
        GrpcHandler.Unary(ControllerMethods.DeleteSnapshot, DeleteSnapshotAsync),
        GrpcHandler.Unary(ControllerMethods.ListSnapshots, ListSnapshotsAsync),
        GrpcHandler.Unary(ControllerMethods.GetSnapshot, GetSnapshotAsync),
    ];

    async Task<DeleteVolumeResponse> DeleteAsync(DeleteVolumeRequest request, GrpcServerCall call)
    {
        CsiFields.Map("secrets", request.Secrets);
        await volumes.DeleteAsync(CsiFields.Required("volume_id", request.VolumeId), call.Cancelled);
        return new DeleteVolumeResponse();
    }

    async Task<ValidateVolumeCapabilitiesResponse> ValidateAsync(ValidateVolumeCapabilitiesRequest request, GrpcServerCall call)
    {
        string id = CsiFields.Required("volume_id", request.VolumeId);
        if (request.VolumeCapabilities.Count == 0)
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "volume_capabilities is missing");
        ServedVolumes.Served volume = await volumes.GetAsync(id, call.Cancelled);
        return WhyNot(volume, request) is { } why
            ? new ValidateVolumeCapabilitiesResponse { Message = why }
            : new ValidateVolumeCapabilitiesResponse
            {
                Confirmed = new()
                {
                    VolumeCapabilities = { request.VolumeCapabilities },
                    VolumeContext = { request.VolumeContext },
                    Parameters = { request.Parameters },
                    MutableParameters = { request.MutableParameters },
                },
            };
    }

    static string? WhyNot(ServedVolumes.Served volume, ValidateVolumeCapabilitiesRequest request)
    {
        foreach (VolumeCapability capability in request.VolumeCapabilities)
        {
            CsiFields.Capability("volume_capabilities", capability);
            if (VolumeOrder.WhyNot(capability) is { } why)
                return why;
            if (capability.Block is not null != volume.IsBlock)
                return $"the volume is a {(volume.IsBlock ? "device" : "file system")}";
        }

        return request.VolumeContext.Count > 0 ? "no volume of this driver has a context"
            : volume.Record is { } record && request.Parameters.Any(parameter => record.Value.Parameters.GetValueOrDefault(parameter.Key) != parameter.Value)
                ? "the volume was made with other parameters"
            : null;
    }

    async Task<ListVolumesResponse> ListAsync(ListVolumesRequest request, GrpcServerCall call)
    {
        Page<Csi.Volume> page = await volumes.ListAsync(request.StartingToken, request.MaxEntries, call.Cancelled);
        return new ListVolumesResponse
        {
            NextToken = page.NextToken,
            Entries = { page.Entries.Select(static volume => new ListVolumesResponse.Types.Entry { Volume = volume, Status = new() { VolumeCondition = Sound() } }) },
        };
    }

    // Thin: what is free may be promised more than once. Where nothing fits, there is nothing.
    GetCapacityResponse CapacityFor(GetCapacityRequest request)
    {
        CsiFields.Map("parameters", request.Parameters);
        bool fits = (request.AccessibleTopology is not { } place || topology.Covers(place))
            && request.VolumeCapabilities.All(static capability => VolumeOrder.WhyNot(capability) is null);
        long free = fits ? FreeBytes() : 0;
        return new GetCapacityResponse { AvailableCapacity = free, MinimumVolumeSize = ImageGeometry.LeastBytes };
    }

    long FreeBytes()
    {
        Directory.CreateDirectory(options.Root);
        return Syscall.StatFs(options.Root).AvailableBytes;
    }

    async Task<ControllerGetVolumeResponse> GetAsync(ControllerGetVolumeRequest request, GrpcServerCall call)
    {
        string id = CsiFields.Required("volume_id", request.VolumeId);
        ServedVolumes.Served volume = await volumes.GetAsync(id, call.Cancelled);
        return new ControllerGetVolumeResponse { Volume = volumes.Encode(id, volume), Status = new() { VolumeCondition = Sound() } };
    }

    async Task<ControllerExpandVolumeResponse> ExpandAsync(ControllerExpandVolumeRequest request, GrpcServerCall call)
    {
        CsiFields.Map("secrets", request.Secrets);
        string id = CsiFields.Required("volume_id", request.VolumeId);
        return new ControllerExpandVolumeResponse
        {
            CapacityBytes = await volumes.ExpandAsync(id, request.CapacityRange, call.Cancelled),
            NodeExpansionRequired = false,
        };
    }

    async Task<ControllerModifyVolumeResponse> ModifyAsync(ControllerModifyVolumeRequest request, GrpcServerCall call)
    {
        CsiFields.Map("secrets", request.Secrets);
        string id = CsiFields.Required("volume_id", request.VolumeId);
        await volumes.ModifyAsync(id, CsiFields.Map("mutable_parameters", request.MutableParameters), call.Cancelled);
        return new ControllerModifyVolumeResponse();
    }

    async Task<DeleteSnapshotResponse> DeleteSnapshotAsync(DeleteSnapshotRequest request, GrpcServerCall call)
    {
        CsiFields.Map("secrets", request.Secrets);
        await snapshots.DeleteAsync(CsiFields.Required("snapshot_id", request.SnapshotId), call.Cancelled);
        return new DeleteSnapshotResponse();
    }

    async Task<ListSnapshotsResponse> ListSnapshotsAsync(ListSnapshotsRequest request, GrpcServerCall call)
    {
        CsiFields.Map("secrets", request.Secrets);
        Page<Snapshot> page = await snapshots.ListAsync(request, call.Cancelled);
        return new ListSnapshotsResponse
        {
            NextToken = page.NextToken,
            Entries = { page.Entries.Select(static snapshot => new ListSnapshotsResponse.Types.Entry { Snapshot = snapshot }) },
        };
    }

    async Task<GetSnapshotResponse> GetSnapshotAsync(GetSnapshotRequest request, GrpcServerCall call)
    {
        CsiFields.Map("secrets", request.Secrets);
        return new GetSnapshotResponse { Snapshot = await snapshots.GetAsync(CsiFields.Required("snapshot_id", request.SnapshotId), call.Cancelled) };
    }

    static VolumeCondition Sound() => new() { Message = "the volume is there" };

    ControllerGetCapabilitiesResponse Capabilities() => new()
    {
        Capabilities = { s_calls.Where(call => !options.ExpandsOnNode || call is not ControllerServiceCapability.Types.RPC.Types.Type.ExpandVolume).Select(static type => new ControllerServiceCapability { Rpc = new() { Type = type } }) },
    };
}
