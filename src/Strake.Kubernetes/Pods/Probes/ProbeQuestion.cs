using System.Globalization;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods.Probes;

/// <summary>One question to a container: a command, a request, or whether a port is open.</summary>
/// <param name="runtime">Who runs commands.</param>
sealed class ProbeQuestion(IPodRuntime runtime)
{
    // The certificate is the container's own, and nobody has said whose it should be: as a kubelet does.
    static readonly HttpClient s_http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
    });

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
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"timed out after {settings.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s";
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or StrakeException or UriFormatException)
        {
            return e.Message;
        }
    }

    async Task<string?> RunAsync(ContainerRun run, ValueList<string> command, CancellationToken cancellationToken)
    {
        CommandOutcome outcome = await runtime.ExecuteAsync(run.Id, command, cancellationToken);
        return outcome.ExitCode == 0 ? null : outcome.Output;
    }

    static async Task<string?> GetAsync(PodContainer container, JsonElement get, string address, CancellationToken cancellationToken)
    {
        string host = get.TextOrNull("host") is { Length: > 0 } named ? named : address;
        string path = get.Text("path");
        var target = new Uri($"{(get.TextOrNull("scheme") ?? "HTTP").ToLowerInvariant()}://{host}:{PortOf(container, get).ToString(CultureInfo.InvariantCulture)}/{path.TrimStart('/')}");
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.35");
        foreach (JsonElement header in get.List("httpHeaders", static item => item)) request.Headers.TryAddWithoutValidation(header.Text("name"), header.Text("value"));
        using HttpResponseMessage response = await s_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        int status = (int)response.StatusCode;
        return status is >= 200 and < 400 ? null : string.Create(CultureInfo.InvariantCulture, $"HTTP probe failed with statuscode: {status}");
    }

    static async Task<string?> ConnectAsync(PodContainer container, JsonElement target, string address, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(target.TextOrNull("host") is { Length: > 0 } named ? named : address, PortOf(container, target), cancellationToken);
        return null;
    }

    // A number, or the name of one of the container's ports.
    static int PortOf(PodContainer container, JsonElement target)
    {
        if (target.At("port").ValueKind is JsonValueKind.Number) return target.Number("port");
        string name = target.Text("port");
        if (int.TryParse(name, CultureInfo.InvariantCulture, out int number)) return number;
        JsonElement port = container.Spec.List("ports", static item => item).FirstOrDefault(item => item.Text("name") == name);
        return port.ValueKind is JsonValueKind.Object ? port.Number("containerPort") : throw StrakeException.Invalid($"couldn't find port: {name}");
    }
}
