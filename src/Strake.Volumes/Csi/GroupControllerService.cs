using Strake.Csi;
using Strake.Grpc;

namespace Strake.Volumes;

/// <summary>The calls of <c>csi.v1.GroupController</c>: decoded, carried out, encoded.</summary>
/// <param name="groups">The groups.</param>
sealed class GroupControllerService(ServedGroups groups)
{
    /// <summary>What answers.</summary>
    public IEnumerable<GrpcHandler> Handlers =>
    [
        GrpcHandler.Unary(GroupControllerMethods.GroupControllerGetCapabilities, static (_, _) => Task.FromResult(Capabilities())),
        GrpcHandler.Unary(
            GroupControllerMethods.CreateVolumeGroupSnapshot,
            async (request, call) => new CreateVolumeGroupSnapshotResponse { GroupSnapshot = await groups.CreateAsync(request, call.Cancelled) }),
        GrpcHandler.Unary(GroupControllerMethods.DeleteVolumeGroupSnapshot, DeleteAsync),
        GrpcHandler.Unary(GroupControllerMethods.GetVolumeGroupSnapshot, GetAsync),
    ];

    async Task<DeleteVolumeGroupSnapshotResponse> DeleteAsync(DeleteVolumeGroupSnapshotRequest request, GrpcServerCall call)
    {
        CsiFields.Map("secrets", request.Secrets);
        await groups.DeleteAsync(CsiFields.Required("group_snapshot_id", request.GroupSnapshotId), request.SnapshotIds, call.Cancelled);
        return new DeleteVolumeGroupSnapshotResponse();
    }

    async Task<GetVolumeGroupSnapshotResponse> GetAsync(GetVolumeGroupSnapshotRequest request, GrpcServerCall call)
    {
        CsiFields.Map("secrets", request.Secrets);
        string id = CsiFields.Required("group_snapshot_id", request.GroupSnapshotId);
        return new GetVolumeGroupSnapshotResponse { GroupSnapshot = await groups.GetAsync(id, request.SnapshotIds, call.Cancelled) };
    }

    static GroupControllerGetCapabilitiesResponse Capabilities() => new()
    {
        Capabilities =
        {
            new GroupControllerServiceCapability { Rpc = new() { Type = GroupControllerServiceCapability.Types.RPC.Types.Type.CreateDeleteGetVolumeGroupSnapshot } },
        },
    };
}
