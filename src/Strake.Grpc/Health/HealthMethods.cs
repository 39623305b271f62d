using Strake.Grpc.Wire;

namespace Strake.Grpc;

/// <summary>The methods of <c>grpc.health.v1.Health</c>.</summary>
static class HealthMethods
{
    /// <summary>The service.</summary>
    public const string Service = "grpc.health.v1.Health";

    /// <summary>How it is now.</summary>
    public static GrpcMethod<HealthCheckRequest, HealthCheckResponse> Check { get; } = Of("Check");

    /// <summary>How it is now, and each change.</summary>
    public static GrpcMethod<HealthCheckRequest, HealthCheckResponse> Watch { get; } = Of("Watch");

    static GrpcMethod<HealthCheckRequest, HealthCheckResponse> Of(string name) =>
        GrpcMethod.Of(Service, name, HealthCheckRequest.Parser, HealthCheckResponse.Parser);
}
