using Strake.Grpc;

namespace Strake.Csi;

/// <summary>The calls of <c>csi.v1.Controller</c>: volumes and snapshots, from anywhere.</summary>
public static class ControllerMethods
{
    /// <summary>The service.</summary>
    public const string Service = "csi.v1.Controller";

    /// <summary>Makes a volume.</summary>
    public static GrpcMethod<CreateVolumeRequest, CreateVolumeResponse> CreateVolume { get; } =
        GrpcMethod.Of(Service, "CreateVolume", CreateVolumeRequest.Parser, CreateVolumeResponse.Parser);

    /// <summary>Removes one.</summary>
    public static GrpcMethod<DeleteVolumeRequest, DeleteVolumeResponse> DeleteVolume { get; } =
        GrpcMethod.Of(Service, "DeleteVolume", DeleteVolumeRequest.Parser, DeleteVolumeResponse.Parser);

    /// <summary>Makes one available on a node.</summary>
    public static GrpcMethod<ControllerPublishVolumeRequest, ControllerPublishVolumeResponse> ControllerPublishVolume { get; } =
        GrpcMethod.Of(Service, "ControllerPublishVolume", ControllerPublishVolumeRequest.Parser, ControllerPublishVolumeResponse.Parser);

    /// <summary>The opposite.</summary>
    public static GrpcMethod<ControllerUnpublishVolumeRequest, ControllerUnpublishVolumeResponse> ControllerUnpublishVolume { get; } =
        GrpcMethod.Of(Service, "ControllerUnpublishVolume", ControllerUnpublishVolumeRequest.Parser, ControllerUnpublishVolumeResponse.Parser);

    /// <summary>Whether one can be used in some ways.</summary>
    public static GrpcMethod<ValidateVolumeCapabilitiesRequest, ValidateVolumeCapabilitiesResponse> ValidateVolumeCapabilities { get; } =
        GrpcMethod.Of(Service, "ValidateVolumeCapabilities", ValidateVolumeCapabilitiesRequest.Parser, ValidateVolumeCapabilitiesResponse.Parser);

    /// <summary>All of them, by pages.</summary>
    public static GrpcMethod<ListVolumesRequest, ListVolumesResponse> ListVolumes { get; } =
        GrpcMethod.Of(Service, "ListVolumes", ListVolumesRequest.Parser, ListVolumesResponse.Parser);

    /// <summary>How much room there is.</summary>
    public static GrpcMethod<GetCapacityRequest, GetCapacityResponse> GetCapacity { get; } =
        GrpcMethod.Of(Service, "GetCapacity", GetCapacityRequest.Parser, GetCapacityResponse.Parser);

    /// <summary>Which calls the controller has.</summary>
    public static GrpcMethod<ControllerGetCapabilitiesRequest, ControllerGetCapabilitiesResponse> ControllerGetCapabilities { get; } =
        GrpcMethod.Of(Service, "ControllerGetCapabilities", ControllerGetCapabilitiesRequest.Parser, ControllerGetCapabilitiesResponse.Parser);

    /// <summary>Makes a snapshot.</summary>
    public static GrpcMethod<CreateSnapshotRequest, CreateSnapshotResponse> CreateSnapshot { get; } =
        GrpcMethod.Of(Service, "CreateSnapshot", CreateSnapshotRequest.Parser, CreateSnapshotResponse.Parser);

    /// <summary>Removes one.</summary>
    public static GrpcMethod<DeleteSnapshotRequest, DeleteSnapshotResponse> DeleteSnapshot { get; } =
        GrpcMethod.Of(Service, "DeleteSnapshot", DeleteSnapshotRequest.Parser, DeleteSnapshotResponse.Parser);

    /// <summary>All of them, by pages.</summary>
    public static GrpcMethod<ListSnapshotsRequest, ListSnapshotsResponse> ListSnapshots { get; } =
        GrpcMethod.Of(Service, "ListSnapshots", ListSnapshotsRequest.Parser, ListSnapshotsResponse.Parser);

    /// <summary>One of them.</summary>
    public static GrpcMethod<GetSnapshotRequest, GetSnapshotResponse> GetSnapshot { get; } =
        GrpcMethod.Of(Service, "GetSnapshot", GetSnapshotRequest.Parser, GetSnapshotResponse.Parser);

    /// <summary>Makes a volume larger.</summary>
    public static GrpcMethod<ControllerExpandVolumeRequest, ControllerExpandVolumeResponse> ControllerExpandVolume { get; } =
        GrpcMethod.Of(Service, "ControllerExpandVolume", ControllerExpandVolumeRequest.Parser, ControllerExpandVolumeResponse.Parser);

    /// <summary>One volume, and how it is.</summary>
    public static GrpcMethod<ControllerGetVolumeRequest, ControllerGetVolumeResponse> ControllerGetVolume { get; } =
        GrpcMethod.Of(Service, "ControllerGetVolume", ControllerGetVolumeRequest.Parser, ControllerGetVolumeResponse.Parser);

    /// <summary>Changes what can be changed of a volume.</summary>
    public static GrpcMethod<ControllerModifyVolumeRequest, ControllerModifyVolumeResponse> ControllerModifyVolume { get; } =
        GrpcMethod.Of(Service, "ControllerModifyVolume", ControllerModifyVolumeRequest.Parser, ControllerModifyVolumeResponse.Parser);
}
