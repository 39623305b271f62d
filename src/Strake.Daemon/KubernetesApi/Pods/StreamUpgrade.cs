using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>From a request to the stream that its client wants to speak on.</summary>
static class StreamUpgrade
{
    const string HandshakeGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    static readonly TimeSpan s_keepAlive = TimeSpan.FromSeconds(30);

    /// <summary>Whether the client wants a WebSocket.</summary>
    public static bool IsWebSocket(KubernetesExchange exchange) => exchange.Http.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the client wants SPDY.</summary>
    public static bool IsSpdy(KubernetesExchange exchange) => exchange.Http.Request.Headers.Upgrade.ToString().Equals("SPDY/3.1", StringComparison.OrdinalIgnoreCase);

    /// <summary>The first of some protocols that the client offers; null: none.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="header">The header in which it offers them.</param>
    /// <param name="known">The protocols.</param>
    public static string? FirstOffered(KubernetesExchange exchange, string header, params IReadOnlyList<string> known)
    {
        string[] offered = [.. exchange.Http.Request.Headers[header].SelectMany(static line => (line ?? "").Split(',')).Select(static word => word.Trim())];
        return known.FirstOrDefault(offered.Contains);
    }

    /// <summary>Answers with a WebSocket.</summary>
    /// <exception cref="StatusException">BadRequest: the connection cannot be one.</exception>
    public static async Task<WebSocket> ToWebSocketAsync(KubernetesExchange exchange, string protocol)
    {
        HttpResponse response = exchange.Http.Response;
        response.Headers.SecWebSocketAccept = AcceptOf(exchange.Http.Request.Headers.SecWebSocketKey.ToString());
        response.Headers.SecWebSocketProtocol = protocol;
        Stream stream = await UpgradeAsync(exchange, "websocket");

        // The protocol is not told to it: its name may have letters that RFC 6455 does not allow there.
        return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = s_keepAlive });
    }

    /// <summary>Answers with a connection that SPDY is spoken on.</summary>
    /// <exception cref="StatusException">BadRequest: the connection cannot be one.</exception>
    public static Task<Stream> ToSpdyAsync(KubernetesExchange exchange, string protocol)
    {
        exchange.Http.Response.Headers["X-Stream-Protocol-Version"] = protocol;
        return UpgradeAsync(exchange, "SPDY/3.1");
    }

    static Task<Stream> UpgradeAsync(KubernetesExchange exchange, string protocol)
    {
        IHttpUpgradeFeature upgrade = exchange.Http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } possible
            ? possible
            : throw StatusException.BadRequest("unable to upgrade: the connection is not HTTP/1.1");
        exchange.Http.Response.Headers.Connection = "Upgrade";
        exchange.Http.Response.Headers.Upgrade = protocol;
        return upgrade.UpgradeAsync();
    }

    // RFC 6455, 1.3: it proves that the server has read the request, and protects nothing.
#pragma warning disable CA5350
    static string AcceptOf(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + HandshakeGuid)));
#pragma warning restore CA5350
}
