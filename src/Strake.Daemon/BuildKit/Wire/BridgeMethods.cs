using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Wire;

/// <summary>The methods of <c>moby.buildkit.v1.frontend.LLBBridge</c> that are served.</summary>
static class BridgeMethods
{
    const string Service = "moby.buildkit.v1.frontend.LLBBridge";

    public static GrpcMethod<PingRequest, PongResponse> Ping { get; } =
        GrpcMethod.Of(Service, "Ping", PingRequest.Parser, PongResponse.Parser);

    public static GrpcMethod<BridgeSolveRequest, BridgeSolveResponse> Solve { get; } =
        GrpcMethod.Of(Service, "Solve", BridgeSolveRequest.Parser, BridgeSolveResponse.Parser);

    public static GrpcMethod<ReturnRequest, ReturnResponse> Return { get; } =
        GrpcMethod.Of(Service, "Return", ReturnRequest.Parser, ReturnResponse.Parser);

    public static GrpcMethod<InputsRequest, InputsResponse> Inputs { get; } =
        GrpcMethod.Of(Service, "Inputs", InputsRequest.Parser, InputsResponse.Parser);

    public static GrpcMethod<ResolveImageConfigRequest, ResolveImageConfigResponse> ResolveImageConfig { get; } =
        GrpcMethod.Of(Service, "ResolveImageConfig", ResolveImageConfigRequest.Parser, ResolveImageConfigResponse.Parser);

    public static GrpcMethod<ResolveSourceMetaRequest, ResolveSourceMetaResponse> ResolveSourceMeta { get; } =
        GrpcMethod.Of(Service, "ResolveSourceMeta", ResolveSourceMetaRequest.Parser, ResolveSourceMetaResponse.Parser);

    public static GrpcMethod<ReadFileRequest, ReadFileResponse> ReadFile { get; } =
        GrpcMethod.Of(Service, "ReadFile", ReadFileRequest.Parser, ReadFileResponse.Parser);

    public static GrpcMethod<ReadDirRequest, ReadDirResponse> ReadDir { get; } =
        GrpcMethod.Of(Service, "ReadDir", ReadDirRequest.Parser, ReadDirResponse.Parser);

    public static GrpcMethod<StatFileRequest, StatFileResponse> StatFile { get; } =
        GrpcMethod.Of(Service, "StatFile", StatFileRequest.Parser, StatFileResponse.Parser);

    public static GrpcMethod<EvaluateRequest, EvaluateResponse> Evaluate { get; } =
        GrpcMethod.Of(Service, "Evaluate", EvaluateRequest.Parser, EvaluateResponse.Parser);

    public static GrpcMethod<WarnRequest, WarnResponse> Warn { get; } =
        GrpcMethod.Of(Service, "Warn", WarnRequest.Parser, WarnResponse.Parser);
}
