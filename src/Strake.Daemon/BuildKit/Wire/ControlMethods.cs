using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Wire;

/// <summary>The methods of <c>moby.buildkit.v1.Control</c> that are served.</summary>
static class ControlMethods
{
    const string Service = "moby.buildkit.v1.Control";

    public static GrpcMethod<DiskUsageRequest, DiskUsageResponse> DiskUsage { get; } =
        GrpcMethod.Of(Service, "DiskUsage", DiskUsageRequest.Parser, DiskUsageResponse.Parser);

    public static GrpcMethod<PruneRequest, UsageRecord> Prune { get; } =
        GrpcMethod.Of(Service, "Prune", PruneRequest.Parser, UsageRecord.Parser);

    public static GrpcMethod<SolveRequest, SolveResponse> Solve { get; } =
        GrpcMethod.Of(Service, "Solve", SolveRequest.Parser, SolveResponse.Parser);

    public static GrpcMethod<StatusRequest, StatusResponse> Status { get; } =
        GrpcMethod.Of(Service, "Status", StatusRequest.Parser, StatusResponse.Parser);

    public static GrpcMethod<BytesMessage, BytesMessage> Session { get; } =
        GrpcMethod.Of(Service, "Session", BytesMessage.Parser, BytesMessage.Parser);

    public static GrpcMethod<ListWorkersRequest, ListWorkersResponse> ListWorkers { get; } =
        GrpcMethod.Of(Service, "ListWorkers", ListWorkersRequest.Parser, ListWorkersResponse.Parser);

    public static GrpcMethod<InfoRequest, InfoResponse> Info { get; } =
        GrpcMethod.Of(Service, "Info", InfoRequest.Parser, InfoResponse.Parser);

    public static GrpcMethod<BuildHistoryRequest, BuildHistoryEvent> ListenBuildHistory { get; } =
        GrpcMethod.Of(Service, "ListenBuildHistory", BuildHistoryRequest.Parser, BuildHistoryEvent.Parser);

    public static GrpcMethod<UpdateBuildHistoryRequest, UpdateBuildHistoryResponse> UpdateBuildHistory { get; } =
        GrpcMethod.Of(Service, "UpdateBuildHistory", UpdateBuildHistoryRequest.Parser, UpdateBuildHistoryResponse.Parser);
}
