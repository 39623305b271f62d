using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Strake.Grpc;

/// <summary>From Kestrel's requests to calls.</summary>
/// <param name="server">Answers them.</param>
sealed class CallApplication(GrpcServer server) : IHttpApplication<HttpContext>
{
    readonly CancellationTokenSource stopping = new();

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        // Kestrel uses a stream's memory for the next request; so is its context.
        if (contextFeatures is not IHostContextContainer<HttpContext> container) return new DefaultHttpContext(contextFeatures);
        if (container.HostContext is DefaultHttpContext used)
        {
            used.Initialize(contextFeatures);
            return used;
        }

        return container.HostContext = new DefaultHttpContext(contextFeatures);
    }

    /// <inheritdoc/>
    public Task ProcessRequestAsync(HttpContext context) => server.HandleAsync(context, stopping.Token);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception) => ((DefaultHttpContext)context).Uninitialize();

    /// <summary>Tells calls that the host is about to stop.</summary>
    public Task StopAsync() => stopping.CancelAsync();
}
