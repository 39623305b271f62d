using Strake.Grpc;

namespace Strake.Csi;

/// <summary>The calls of <c>csi.v1.SnapshotMetadata</c>: which blocks of a snapshot are in use, or differ.</summary>
public static class SnapshotMetadataMethods
{
    /// <summary>The service.</summary>
    public const string Service = "csi.v1.SnapshotMetadata";

    /// <summary>The blocks in use; a stream.</summary>
    public static GrpcMethod<GetMetadataAllocatedRequest, GetMetadataAllocatedResponse> GetMetadataAllocated { get; } =
        GrpcMethod.Of(Service, "GetMetadataAllocated", GetMetadataAllocatedRequest.Parser, GetMetadataAllocatedResponse.Parser);

    /// <summary>The blocks that differ between two; a stream.</summary>
    public static GrpcMethod<GetMetadataDeltaRequest, GetMetadataDeltaResponse> GetMetadataDelta { get; } =
        GrpcMethod.Of(Service, "GetMetadataDelta", GetMetadataDeltaRequest.Parser, GetMetadataDeltaResponse.Parser);
}
