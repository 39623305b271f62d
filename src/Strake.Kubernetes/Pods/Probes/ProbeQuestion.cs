using System.Globalization;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using Strake.Grpc;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods.Probes;

/// <summary>One question to a container: a command, a request, a health check of gRPC, or whether a port is open.</summary>
/// <param name="runtime">Who runs commands.</param>
sealed class ProbeQuestion(IPodRuntime runtime)
{
    /// <summary>Asks.</summary>
    /// <returns>What is wrong; null: nothing.</returns>
    /// <exception cref="OperationCanceledException">The run has ended.</exception>
    public async Task<string?> AskAsync(PodContainer container, ContainerRun run, ProbeSettings settings, string address, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(settings.Timeout);
        JsonElement spec = settings.Spec;
        try
        {
            if (spec.At("exec").Texts("command") is { Count: > 0 } command) return await RunAsync(run, command, patience.Token);
            if (spec.At("httpGet") is { ValueKind: JsonValueKind.Object } get) return await GetAsync(container, get, address, patience.Token);
            if (spec.At("tcpSocket") is { ValueKind: JsonValueKind.Object } socket) return await ConnectAsync(container, socket, address, patience.Token);
            if (spec.At("grpc") is { ValueKind: JsonValueKind.Object } check) return await CheckAsync(check, address, patience.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"timed out after {settings.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s";
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or StrakeException or UriFormatException or GrpcException)
        {
            return e.Message;
        }
    }

    async Task<string?> RunAsync(ContainerRun run, ValueList<string> command, CancellationToken cancellationToken)
    {
        CommandOutcome outcome = await runtime.ExecuteAsync(run.Id, command, cancellationToken);
        return outcome.ExitCode == 0 ? null : outcome.Output;
    }

    static async Task<string?> GetAsync(PodContainer container, JsonElement get, string address, CancellationToken cancellationToken) =>
        await ContainerRequest.GetAsync(container, get, address, cancellationToken) is { } status
            ? string.Create(CultureInfo.InvariantCulture, $"HTTP probe failed with statuscode: {status}")
            : null;

    // In a kubelet's words, by the names of grpc.health.v1.
    static async Task<string?> CheckAsync(JsonElement check, string address, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.To(GrpcAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"tcp://{address}:{check.Number("port")}")), new GrpcChannelOptions());
        return await GrpcHealth.CheckAsync(channel, check.Text("service"), GrpcCallOptions.None, cancellationToken) switch
        {
            ServingStatus.Serving => null,
            ServingStatus.NotServing => "service unhealthy (responded with \"NOT_SERVING\")",
            ServingStatus.ServiceUnknown => "service unhealthy (responded with \"SERVICE_UNKNOWN\")",
            _ => "service unhealthy (responded with \"UNKNOWN\")",
        };
    }

    static async Task<string?> ConnectAsync(PodContainer container, JsonElement target, string address, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(target.TextOrNull("host") is { Length: > 0 } named ? named : address, ContainerRequest.PortOf(container, target), cancellationToken);
        return null;
    }
}
