using Strake.Grpc;

namespace Strake.Csi;

/// <summary>The calls of <c>csi.v1.GroupController</c>: snapshots of several volumes of one moment.</summary>
public static class GroupControllerMethods
{
    /// <summary>The service.</summary>
    public const string Service = "csi.v1.GroupController";

    /// <summary>Which calls there are.</summary>
    public static GrpcMethod<GroupControllerGetCapabilitiesRequest, GroupControllerGetCapabilitiesResponse> GroupControllerGetCapabilities { get; } =
        GrpcMethod.Of(Service, "GroupControllerGetCapabilities", GroupControllerGetCapabilitiesRequest.Parser, GroupControllerGetCapabilitiesResponse.Parser);

    /// <summary>Makes snapshots of volumes.</summary>
    public static GrpcMethod<CreateVolumeGroupSnapshotRequest, CreateVolumeGroupSnapshotResponse> CreateVolumeGroupSnapshot { get; } =
        GrpcMethod.Of(Service, "CreateVolumeGroupSnapshot", CreateVolumeGroupSnapshotRequest.Parser, CreateVolumeGroupSnapshotResponse.Parser);

    /// <summary>Removes them.</summary>
    public static GrpcMethod<DeleteVolumeGroupSnapshotRequest, DeleteVolumeGroupSnapshotResponse> DeleteVolumeGroupSnapshot { get; } =
        GrpcMethod.Of(Service, "DeleteVolumeGroupSnapshot", DeleteVolumeGroupSnapshotRequest.Parser, DeleteVolumeGroupSnapshotResponse.Parser);

    /// <summary>Tells of them.</summary>
    public static GrpcMethod<GetVolumeGroupSnapshotRequest, GetVolumeGroupSnapshotResponse> GetVolumeGroupSnapshot { get; } =
        GrpcMethod.Of(Service, "GetVolumeGroupSnapshot", GetVolumeGroupSnapshotRequest.Parser, GetVolumeGroupSnapshotResponse.Parser);
}
