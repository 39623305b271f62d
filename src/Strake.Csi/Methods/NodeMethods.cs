using Strake.Grpc;

namespace Strake.Csi;

/// <summary>The calls of <c>csi.v1.Node</c>: volumes on one machine.</summary>
public static class NodeMethods
{
    /// <summary>The service.</summary>
    public const string Service = "csi.v1.Node";

    /// <summary>Prepares a volume on the node, once.</summary>
    public static GrpcMethod<NodeStageVolumeRequest, NodeStageVolumeResponse> NodeStageVolume { get; } =
        GrpcMethod.Of(Service, "NodeStageVolume", NodeStageVolumeRequest.Parser, NodeStageVolumeResponse.Parser);

    /// <summary>The opposite.</summary>
    public static GrpcMethod<NodeUnstageVolumeRequest, NodeUnstageVolumeResponse> NodeUnstageVolume { get; } =
        GrpcMethod.Of(Service, "NodeUnstageVolume", NodeUnstageVolumeRequest.Parser, NodeUnstageVolumeResponse.Parser);

    /// <summary>Makes it available at a place.</summary>
    public static GrpcMethod<NodePublishVolumeRequest, NodePublishVolumeResponse> NodePublishVolume { get; } =
        GrpcMethod.Of(Service, "NodePublishVolume", NodePublishVolumeRequest.Parser, NodePublishVolumeResponse.Parser);

    /// <summary>The opposite.</summary>
    public static GrpcMethod<NodeUnpublishVolumeRequest, NodeUnpublishVolumeResponse> NodeUnpublishVolume { get; } =
        GrpcMethod.Of(Service, "NodeUnpublishVolume", NodeUnpublishVolumeRequest.Parser, NodeUnpublishVolumeResponse.Parser);

    /// <summary>How full it is.</summary>
    public static GrpcMethod<NodeGetVolumeStatsRequest, NodeGetVolumeStatsResponse> NodeGetVolumeStats { get; } =
        GrpcMethod.Of(Service, "NodeGetVolumeStats", NodeGetVolumeStatsRequest.Parser, NodeGetVolumeStatsResponse.Parser);

    /// <summary>Makes its file system as large as it is.</summary>
    public static GrpcMethod<NodeExpandVolumeRequest, NodeExpandVolumeResponse> NodeExpandVolume { get; } =
        GrpcMethod.Of(Service, "NodeExpandVolume", NodeExpandVolumeRequest.Parser, NodeExpandVolumeResponse.Parser);

    /// <summary>Which calls the node has.</summary>
    public static GrpcMethod<NodeGetCapabilitiesRequest, NodeGetCapabilitiesResponse> NodeGetCapabilities { get; } =
        GrpcMethod.Of(Service, "NodeGetCapabilities", NodeGetCapabilitiesRequest.Parser, NodeGetCapabilitiesResponse.Parser);

    /// <summary>The node's name and place.</summary>
    public static GrpcMethod<NodeGetInfoRequest, NodeGetInfoResponse> NodeGetInfo { get; } =
        GrpcMethod.Of(Service, "NodeGetInfo", NodeGetInfoRequest.Parser, NodeGetInfoResponse.Parser);
}
