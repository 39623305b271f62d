using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>From Kestrel's request to a call, and from what the call throws to a status.</summary>
/// <param name="authenticator">Finds out who asks.</param>
/// <param name="access">Says who may do what.</param>
/// <param name="calls">The calls.</param>
/// <param name="time">The clock of the request log.</param>
/// <param name="log">Where requests are told.</param>
/// <param name="stopping">Ends when the daemon goes down.</param>
sealed partial class KubernetesApplication(
    Authenticator authenticator, AccessRules access, KubernetesCalls calls, TimeProvider time, ILogger log, CancellationToken stopping) : IHttpApplication<HttpContext>
{
    long begunCount;

    /// <summary>How many requests have begun.</summary>
    public long Requests => Interlocked.Read(ref begunCount);

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        Interlocked.Increment(ref begunCount);
        return new DefaultHttpContext(contextFeatures);
    }

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(HttpContext context)
    {
        long begun = time.GetTimestamp();
        try
        {
            var exchange = new KubernetesExchange(context, await access.ActingAsync(context, await authenticator.IdentifyAsync(context)), stopping);
            await access.CheckAsync(exchange);
            await calls.AnswerAsync(exchange);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            // Nobody waits for the answer, or the daemon goes down: a watch ends so.
            if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (Exception e)
        {
            await FailAsync(context, e);
        }

        LogRequest(context.Request.Method, context.Request.Path, context.Response.StatusCode, time.GetElapsedTime(begun).TotalMilliseconds);
    }

    async Task FailAsync(HttpContext context, Exception error)
    {
        ApiStatus status = error is BadHttpRequestException malformed ? new(malformed.StatusCode, "BadRequest", malformed.Message) : StatusAnswer.Of(error);
        if (status.Code == StatusCodes.Status500InternalServerError) LogFailure(context.Request.Method, context.Request.Path, status.Message, error);
        if (context.Response.HasStarted)
        {
            // Too late for a status: cutting the stream is the only way to say that the body is not whole.
            context.Abort();
            return;
        }

        if (status.RetryAfterSeconds > 0) context.Response.Headers.RetryAfter = status.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await new KubernetesExchange(context, UserIdentity.Anonymous, stopping).WriteAsync(writer => StatusAnswer.Write(writer, status), status.Code);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Path} {Status} in {ElapsedMs:0.0} ms")]
    partial void LogRequest(string method, string path, int status, double elapsedMs);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed: {Reason}")]
    partial void LogFailure(string method, string path, string reason, Exception exception);
}
