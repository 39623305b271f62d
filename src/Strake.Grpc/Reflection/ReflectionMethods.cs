using Strake.Grpc.Wire;

namespace Strake.Grpc;

/// <summary>The method of <c>grpc.reflection.v1.ServerReflection</c>, and its older twin, which many tools still call.</summary>
static class ReflectionMethods
{
    /// <summary>Asks and answers.</summary>
    public static GrpcMethod<ServerReflectionRequest, ServerReflectionResponse> Ask { get; } = Of("grpc.reflection.v1.ServerReflection");

    /// <summary>The same under its old name.</summary>
    public static GrpcMethod<ServerReflectionRequest, ServerReflectionResponse> AskAlpha { get; } = Of("grpc.reflection.v1alpha.ServerReflection");

    static GrpcMethod<ServerReflectionRequest, ServerReflectionResponse> Of(string service) =>
        GrpcMethod.Of(service, "ServerReflectionInfo", ServerReflectionRequest.Parser, ServerReflectionResponse.Parser);
}
