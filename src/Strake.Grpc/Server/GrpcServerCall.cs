using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Strake.Grpc;

/// <summary>A call as its handler sees it, beside the messages.</summary>
public sealed partial class GrpcServerCall
{
    HttpContext? http;
    CancellationToken? cancelled;
    CancellationTokenSource? deadline;
    CancellationTokenSource? ended;
    GrpcMetadata? responseMetadata;
    GrpcMetadata? responseTrailers;
    bool hasBegun;

    internal GrpcServerCall(HttpContext http, GrpcServerOptions options, CancellationToken stopping)
    {
        this.http = http;
        Options = options;
        Stopping = stopping;
    }

    /// <summary>What the caller sent beside the messages.</summary>
    public GrpcMetadata Metadata => field ??= ReadMetadata(Http.Request.Headers);

    /// <summary>Sent before the first message; what is added later is not sent.</summary>
    public GrpcMetadata ResponseMetadata => responseMetadata ??= new();

    /// <summary>Sent after the last message, with the status.</summary>
    public GrpcMetadata ResponseTrailers => responseTrailers ??= new();

    /// <summary>Ends when the server is about to stop: what streams without an end ends then, else it is cut off after a while.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Ends when the caller has given up or gone, or the call's time is over.</summary>
    public CancellationToken Cancelled => cancelled ??= ended?.Token ?? Http.RequestAborted;

    /// <summary>How much time the caller gave the call; null: as much as it takes.</summary>
    public TimeSpan? Timeout { get; private set; }

    /// <summary>
    /// For who waits for nothing but the caller's next message, which fails by itself when the caller has gone: ends when the call's time is over.
    /// A token for both costs a call without a deadline more than anything else here.
    /// </summary>
    internal CancellationToken Late => ended?.Token ?? CancellationToken.None;

    /// <summary>The request, as long as the call lasts: afterwards its memory is another call's.</summary>
    internal HttpContext Http => http ?? throw new InvalidOperationException("the call is over");

    /// <summary>How the server treats its calls.</summary>
    internal GrpcServerOptions Options { get; }

    /// <summary>Sends the response's headers before there is a message: who streams now and then wants it.</summary>
    public async Task BeginAsync()
    {
        Begin();
        await Http.Response.StartAsync(Cancelled);
        await Http.Response.BodyWriter.FlushAsync(Cancelled);
    }

    /// <summary>Prepares the response's headers, once.</summary>
    internal void Begin()
    {
        if (hasBegun) return;
        hasBegun = true;
        SetHeaders();
        Write(responseMetadata, Http.Response.Headers);
    }

    /// <summary>Has a handler answer.</summary>
    internal async Task RunAsync(GrpcHandler handler)
    {
        GrpcStatus status = ReadDeadline() ?? await AnswerAsync(handler);
        await EndAsync(status);
        LogCall(Http.Request.Path, status);
        cancelled ??= new CancellationToken(canceled: true);
        http = null;
        ended?.Dispose();
        deadline?.Dispose();
    }

    async Task<GrpcStatus> AnswerAsync(GrpcHandler handler)
    {
        try
        {
            await handler.RunAsync(this);
            return GrpcStatus.Ok;
        }
        catch (GrpcException e)
        {
            return e.Status;
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException || (IsOver && e is OperationCanceledException or IOException or BadHttpRequestException))
        {
            return deadline is { IsCancellationRequested: true }
                ? new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the call's time is over")
                : new GrpcStatus(GrpcStatusCode.Cancelled, "the caller has given up");
        }
        catch (OperationCanceledException)
        {
            return new GrpcStatus(GrpcStatusCode.Unavailable, "the server is shutting down");
        }
        catch (Exception e)
        {
            if (Options.Describe(e) is { } known) return known;
            LogDefect(Http.Request.Path, e);
            return new GrpcStatus(GrpcStatusCode.Internal, e.Message);
        }
    }

    /// <summary>Tells the caller how the call ended.</summary>
    internal async Task EndAsync(GrpcStatus status)
    {
        if (hasBegun)
        {
            IHeaderDictionary trailers = Http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
            Write(responseTrailers, trailers);
            Write(status, trailers);
            return;
        }

        // Headers and status in one: the form for calls without a message.
        SetHeaders();
        Write(responseMetadata, Http.Response.Headers);
        Write(responseTrailers, Http.Response.Headers);
        Write(status, Http.Response.Headers);
        try
        {
            await Http.Response.CompleteAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The caller has gone meanwhile.
        }
    }

    void SetHeaders()
    {
        IHeaderDictionary headers = Http.Response.Headers;
        headers.ContentType = "application/grpc";
        // Who does compress has to be told that nobody here reads it; for all others it is the rule.
        if (Http.Request.Headers.ContainsKey("grpc-encoding")) headers["grpc-accept-encoding"] = "identity";
    }

    static void Write(GrpcMetadata? metadata, IHeaderDictionary headers)
    {
        if (metadata is null) return;
        foreach ((string name, string value) in metadata) headers.Append(name, value);
    }

    static void Write(GrpcStatus status, IHeaderDictionary headers)
    {
        headers["grpc-status"] = status.Code is GrpcStatusCode.Ok ? "0" : ((int)status.Code).ToString(CultureInfo.InvariantCulture);
        if (status.Message.Length > 0) headers["grpc-message"] = PercentText.Encode(status.Message);
        if (!status.Details.IsEmpty) headers["grpc-status-details-bin"] = Base64Text.Encode(status.Details.Span);
    }

    bool IsOver => deadline is { IsCancellationRequested: true } || Http.RequestAborted.IsCancellationRequested;

    // The status of a call whose time cannot be read; null: it can begin.
    GrpcStatus? ReadDeadline()
    {
        if (Http.Request.Headers[GrpcTimeout.Header] is not [{ } text, ..]) return null;
        if (!GrpcTimeout.TryParse(text, out TimeSpan timeout)) return new GrpcStatus(GrpcStatusCode.Internal, $"malformed {GrpcTimeout.Header}: {text}");
        Timeout = timeout;
        deadline = new CancellationTokenSource(timeout, Options.Time);
        ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, Http.RequestAborted);
        return null;
    }

    static GrpcMetadata ReadMetadata(IHeaderDictionary headers)
    {
        var metadata = new GrpcMetadata();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in headers)
        {
            if (name.StartsWith(':')) continue;
            foreach (string? value in values) metadata.AddReceived(name, value ?? "");
        }

        return metadata;
    }

    void LogCall(PathString path, GrpcStatus status) => LogCall(Options.Log, path, status);

    void LogDefect(PathString path, Exception exception) => LogDefect(Options.Log, path, exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Path} ended with {Status}")]
    static partial void LogCall(ILogger log, PathString path, GrpcStatus status);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} failed")]
    static partial void LogDefect(ILogger log, PathString path, Exception exception);
}
