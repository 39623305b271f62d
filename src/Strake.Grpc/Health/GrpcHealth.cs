using System.Runtime.CompilerServices;
using Strake.Grpc.Wire;

namespace Strake.Grpc;

/// <summary>Asks servers how they are, by <c>grpc.health.v1</c>.</summary>
public static class GrpcHealth
{
    /// <summary>How a service is.</summary>
    /// <param name="channel">The way to the server.</param>
    /// <param name="service">The service with its package; empty: the server as a whole.</param>
    /// <param name="options">What goes with the call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see cref="ServingStatus.ServiceUnknown"/> where the server knows no such service.</returns>
    /// <exception cref="GrpcException">Unimplemented: the server does not say. Unavailable: it cannot be reached. And other ends of calls.</exception>
    public static async Task<ServingStatus> CheckAsync(GrpcChannel channel, string service, GrpcCallOptions options, CancellationToken cancellationToken)
    {
        try
        {
            HealthCheckResponse response = await channel.CallAsync(HealthMethods.Check, new HealthCheckRequest { Service = service }, options, cancellationToken);
            return (ServingStatus)response.Status;
        }
        catch (GrpcException e) when (e.Code is GrpcStatusCode.NotFound)
        {
            return ServingStatus.ServiceUnknown;
        }
    }

    /// <summary>How a service is, and each change, until the caller or the server ends it.</summary>
    /// <inheritdoc cref="CheckAsync"/>
    public static async IAsyncEnumerable<ServingStatus> WatchAsync(
        GrpcChannel channel, string service, GrpcCallOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using GrpcCall<HealthCheckRequest, HealthCheckResponse> call =
            channel.Open(HealthMethods.Watch, new HealthCheckRequest { Service = service }, options, cancellationToken);
        while (await call.ReadAsync(cancellationToken) is { } response) yield return (ServingStatus)response.Status;
    }
}
