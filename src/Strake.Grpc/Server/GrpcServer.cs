using Microsoft.AspNetCore.Http;

namespace Strake.Grpc;

/// <summary>Answers calls that come as HTTP/2 requests to an ASP.NET endpoint.</summary>
/// <remarks>
/// The endpoint speaks HTTP/2 (<c>HttpProtocols.Http2</c>), without limits on the rate or the length of bodies: calls live as long as they live.
/// </remarks>
/// <example><code>
/// var server = new GrpcServer([GrpcHandler.Unary(Identity.Probe, (request, call) => Task.FromResult(new ProbeResponse()))], new());
/// await server.HandleAsync(http);
/// </code></example>
public sealed class GrpcServer
{
    const string ContentType = "application/grpc";

    readonly Dictionary<string, GrpcHandler> handlers = new(StringComparer.Ordinal);
    readonly GrpcServerOptions options;

    /// <summary>A server of some methods.</summary>
    /// <param name="handlers">What answers; one a method.</param>
    /// <param name="options">How calls are treated.</param>
    /// <exception cref="ArgumentException">Two answer the same method.</exception>
    public GrpcServer(IEnumerable<GrpcHandler> handlers, GrpcServerOptions options)
    {
        foreach (GrpcHandler handler in handlers) this.handlers.Add(handler.Path, handler);
        this.options = options;
    }

    /// <summary>Answers a request. Never throws: what fails is told to the caller.</summary>
    /// <param name="http">The request; nothing of it has been read.</param>
    public Task HandleAsync(HttpContext http) => HandleAsync(http, CancellationToken.None);

    /// <summary>Answers a request of a host that may stop.</summary>
    /// <param name="http">The request.</param>
    /// <param name="stopping">Ends when the host is about to stop.</param>
    internal Task HandleAsync(HttpContext http, CancellationToken stopping)
    {
        HttpRequest request = http.Request;
        if (!HttpMethods.IsPost(request.Method) || !IsGrpc(request.ContentType) || !HttpProtocol.IsHttp2(request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        var call = new GrpcServerCall(http, options, stopping);
        return handlers.TryGetValue(request.Path.Value ?? "", out GrpcHandler? handler)
            ? call.RunAsync(handler)
            : call.EndAsync(new GrpcStatus(GrpcStatusCode.Unimplemented, $"unknown method {request.Path}"));
    }

    // application/grpc, application/grpc+proto, application/grpc;…
    static bool IsGrpc(string? contentType) =>
        contentType is not null && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');
}
