using Strake.Grpc.Wire;

namespace Strake.Grpc;

/// <summary>Tells callers whether a server and its services can take calls: <c>grpc.health.v1</c>.</summary>
/// <remarks>Thread-safe. The server as a whole, whose name is empty, serves from the start; its services are known once they are set.</remarks>
/// <example><code>
/// var health = new HealthService();
/// var server = new GrpcServer([.. handlers, .. health.Handlers], new());
/// health.Set("csi.v1.Controller", ServingStatus.Serving);
/// </code></example>
public sealed class HealthService
{
    readonly Lock changing = new();
    readonly Dictionary<string, ServingStatus> statuses = new(StringComparer.Ordinal) { [""] = ServingStatus.Serving };
    TaskCompletionSource changed = NextChange();

    /// <summary>What answers.</summary>
    public IReadOnlyList<GrpcHandler> Handlers => [GrpcHandler.Unary(HealthMethods.Check, (request, _) => Task.FromResult(Check(request))), GrpcHandler.ServerStream(HealthMethods.Watch, WatchAsync)];

    /// <summary>Says how a service is from here on; who watches it is told.</summary>
    /// <param name="service">The service with its package; empty: the server as a whole.</param>
    /// <param name="status">How it is.</param>
    public void Set(string service, ServingStatus status)
    {
        TaskCompletionSource told;
        lock (changing)
        {
            statuses[service] = status;
            told = changed;
            changed = NextChange();
        }

        told.SetResult();
    }

    static TaskCompletionSource NextChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    HealthCheckResponse Check(HealthCheckRequest request) => Look(request.Service).Status is { } status
        ? Tell(status)
        : throw new GrpcException(GrpcStatusCode.NotFound, $"unknown service {request.Service}");

    // A watch lives until its caller ends it; a host that stops ends it, too.
    async Task WatchAsync(HealthCheckRequest request, IGrpcWriter<HealthCheckResponse> responses, GrpcServerCall call)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(call.Cancelled, call.Stopping);
        ServingStatus? told = null;
        while (true)
        {
            (ServingStatus? status, Task change) = Look(request.Service);
            ServingStatus current = status ?? ServingStatus.ServiceUnknown;
            if (current != told) await responses.WriteAsync(Tell(current), over.Token);
            told = current;
            await change.WaitAsync(over.Token);
        }
    }

    (ServingStatus? Status, Task Change) Look(string service)
    {
        lock (changing) return (statuses.TryGetValue(service, out ServingStatus status) ? status : null, changed.Task);
    }

    static HealthCheckResponse Tell(ServingStatus status) => new() { Status = (HealthCheckResponse.Types.ServingStatus)status };
}
