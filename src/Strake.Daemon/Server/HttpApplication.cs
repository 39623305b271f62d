using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Strake.Daemon.Server;

/// <summary>From Kestrel's request to a route's handler, and from what the handler throws to an answer. All front ends stand behind it.</summary>
/// <param name="routes">The routes; requests that come before they are there wait for them.</param>
/// <param name="time">The clock of the request log.</param>
/// <param name="log">Where requests are told.</param>
/// <param name="stopping">Ends when the daemon goes down.</param>
sealed partial class HttpApplication(Task<Router> routes, TimeProvider time, ILogger log, CancellationToken stopping) : IHttpApplication<HttpContext>
{
    /// <summary>What the <c>Server</c> header says; clients show it.</summary>
    public static string ServerName { get; } = $"Strake/{Product.Version} (linux)";

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
            await AnswerAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            LogClientGone(context.Request.Method, context.Request.Path);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await FailAsync(context, StrakeException.Unavailable("the daemon is shutting down"));
        }
        catch (Exception e)
        {
            await FailAsync(context, e);
        }

        LogRequest(context.Request.Method, context.Request.Path, context.Response.StatusCode, time.GetElapsedTime(begun).TotalMilliseconds);
    }

    async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        Router router = routes.IsCompletedSuccessfully ? await routes : await routes.WaitAsync(context.RequestAborted);
        if (HttpProtocol.IsHttp2(request.Protocol))
        {
            // Only calls come so.
            await router.Calls(context);
            return;
        }

        if (router.Find(request.Method, request.Path.Value ?? "") is not { } match)
        {
            // Docker answers so for a known path with another method, too.
            await WriteErrorAsync(context.Response, StatusCodes.Status404NotFound, "page not found");
            return;
        }

        SetHeaders(context.Response.Headers);
        var exchange = new Exchange(context, match, stopping);
        if (match.Version < ApiVersion.Oldest)
        {
            // As text: the clients of that time did not expect JSON.
            await exchange.WriteTextAsync(
                $"client version {match.Version} is too old. Minimum supported API version is {ApiVersion.Oldest}, "
                + "please upgrade your client to a newer version\n", StatusCodes.Status400BadRequest);
            return;
        }

        if (match.Version > ApiVersion.Newest)
        {
            throw StrakeException.Invalid(
                $"client version {match.Version} is too new. Maximum supported API version is {ApiVersion.Newest}");
        }

        exchange.Query.RefuseUnknown(match.Route);
        await match.Route.Handler(exchange);
    }

    static void SetHeaders(IHeaderDictionary headers)
    {
        headers["Api-Version"] = ApiVersion.Newest.ToString();
        // Docker's client keeps build --squash to itself else.
        headers["Docker-Experimental"] = "true";
        headers["Ostype"] = "linux";
        headers.Server = ServerName;
    }

    async Task FailAsync(HttpContext context, Exception error)
    {
        (int status, string message) = Describe(error);
        if (status == StatusCodes.Status500InternalServerError)
            LogFailure(context.Request.Method, context.Request.Path, message, error is StrakeException ? null : error);
        if (context.Response.HasStarted)
        {
            // Too late for a status: cutting the connection is the only way to say that the body is not whole.
            context.Abort();
            return;
        }

        context.Response.Headers.ContentLength = null;
        await WriteErrorAsync(context.Response, status, message);
    }

    static (int Status, string Message) Describe(Exception error) => error switch
    {
        StrakeException known => (ErrorStatus.Of(known.Kind), known.Message),
        BadHttpRequestException malformed => (malformed.StatusCode, malformed.Message),
        _ => (StatusCodes.Status500InternalServerError, error.Message),
    };

    static async Task WriteErrorAsync(HttpResponse response, int status, string message)
    {
        try
        {
            if (status == StatusCodes.Status304NotModified) response.StatusCode = status;
            else await JsonBody.WriteAsync(response, new ErrorBody(message), ServerJson.Plain.ErrorBody, status, response.HttpContext.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            Debug.Assert(response.HttpContext.RequestAborted.IsCancellationRequested, "only a client that has gone cancels");
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Path} {Status} in {ElapsedMs:0.0} ms")]
    partial void LogRequest(string method, string path, int status, double elapsedMs);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Path}: the client has gone")]
    partial void LogClientGone(string method, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed: {Reason}")]
    partial void LogFailure(string method, string path, string reason, Exception? exception);
}
