using System.Globalization;
using System.Net.Http;
using System.Net.Security;
using System.Text.Json;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods.Probes;

/// <summary>A request to a server in a container, of a probe or a hook.</summary>
static class ContainerRequest
{
    // The certificate is the container's own, and nobody has said whose it should be: as a kubelet does.
    static readonly HttpClient s_http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
    });

    /// <summary>Sends it.</summary>
    /// <param name="container">The container.</param>
    /// <param name="get">The document of an httpGet.</param>
    /// <param name="address">The pod's address.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The status, where it is none of success; null: it is.</returns>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public static async Task<int?> GetAsync(PodContainer container, JsonElement get, string address, CancellationToken cancellationToken)
    {
        string host = get.TextOrNull("host") is { Length: > 0 } named ? named : address;
        string path = get.Text("path");
        var target = new Uri($"{(get.TextOrNull("scheme") ?? "HTTP").ToLowerInvariant()}://{host}:{PortOf(container, get).ToString(CultureInfo.InvariantCulture)}/{path.TrimStart('/')}");
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.35");
        foreach (JsonElement header in get.List("httpHeaders", static item => item)) request.Headers.TryAddWithoutValidation(header.Text("name"), header.Text("value"));
        using HttpResponseMessage response = await s_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        int status = (int)response.StatusCode;
        return status is >= 200 and < 400 ? null : status;
    }

    /// <summary>The port that a probe or a hook means: a number, or the name of one of the container's ports.</summary>
    /// <exception cref="StrakeException">Invalid: there is no such port.</exception>
    public static int PortOf(PodContainer container, JsonElement target)
    {
        if (target.At("port").ValueKind is JsonValueKind.Number) return target.Number("port");
        string name = target.Text("port");
        if (int.TryParse(name, CultureInfo.InvariantCulture, out int number)) return number;
        JsonElement port = container.Spec.List("ports", static item => item).FirstOrDefault(item => item.Text("name") == name);
        return port.ValueKind is JsonValueKind.Object ? port.Number("containerPort") : throw StrakeException.Invalid($"couldn't find port: {name}");
    }
}
