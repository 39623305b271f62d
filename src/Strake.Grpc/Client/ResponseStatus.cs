using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Strake.Grpc;

/// <summary>What a response, or the lack of one, says about how a call ended.</summary>
static class ResponseStatus
{
    /// <summary>The status that stands in the headers; Ok where it will come at the end.</summary>
    public static GrpcStatus OfHeaders(HttpResponseMessage response)
    {
        if (Read(response.Headers) is { } status) return status;
        if (response.StatusCode is not HttpStatusCode.OK) return new GrpcStatus(OfHttp(response.StatusCode), $"the server answered {(int)response.StatusCode}");
        return Find(response.Content.Headers, "content-type")?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true
            ? GrpcStatus.Ok
            : new GrpcStatus(GrpcStatusCode.Unknown, "the server answered, but not in gRPC");
    }

    /// <summary>The status at the end of a response.</summary>
    public static GrpcStatus OfTrailers(HttpResponseMessage response) =>
        Read(response.TrailingHeaders) ?? Read(response.Headers) ?? new GrpcStatus(GrpcStatusCode.Internal, "the response ended without a status");

    /// <summary>What a failure of the connection, or of the request on it, means.</summary>
    /// <param name="error">The failure.</param>
    /// <param name="peer">The other side, as messages name it.</param>
    public static GrpcStatus OfFailure(Exception error, string peer)
    {
        if (ConnectException.CauseOf(error) is { } unreached) return new GrpcStatus(GrpcStatusCode.Unavailable, unreached.Message);
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
            if (cause is HttpProtocolException protocol) return new GrpcStatus(OfReset(protocol.ErrorCode), $"the server has cut the call off: {protocol.Message}");
        return new GrpcStatus(GrpcStatusCode.Unavailable, $"the connection to {peer} has ended: {(error as HttpRequestException)?.InnerException?.Message ?? error.Message}");
    }

    /// <summary>The headers, or the trailers, as metadata.</summary>
    public static GrpcMetadata Metadata(HttpHeaders headers)
    {
        var metadata = new GrpcMetadata();
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
            foreach (string value in values) metadata.AddReceived(name, value);
        return metadata;
    }

    static GrpcStatus? Read(HttpHeaders headers)
    {
        if (Find(headers, "grpc-status") is not { } text) return null;
        if (text == "0") return GrpcStatus.Ok;
        GrpcStatusCode code = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 0 and <= 16
            ? (GrpcStatusCode)number
            : GrpcStatusCode.Unknown;
        return new GrpcStatus(code, PercentText.Decode(Find(headers, "grpc-message") ?? ""))
        {
            Details = Find(headers, "grpc-status-details-bin") is { } details ? Base64Text.TryDecode(details) : default,
        };
    }

    static string? Find(HttpHeaders headers, string name)
    {
        if (!headers.NonValidated.TryGetValues(name, out HeaderStringValues values)) return null;
        foreach (string value in values) return value;
        return null;
    }

    // gRPC doc/http-grpc-status-mapping.md
    static GrpcStatusCode OfHttp(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => GrpcStatusCode.Internal,
        HttpStatusCode.Unauthorized => GrpcStatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => GrpcStatusCode.PermissionDenied,
        HttpStatusCode.NotFound => GrpcStatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unknown,
    };

    // gRPC doc/PROTOCOL-HTTP2.md, "Errors"; the numbers are those of RFC 9113, 7.
    static GrpcStatusCode OfReset(long code) => code switch
    {
        0x7 => GrpcStatusCode.Unavailable,          // REFUSED_STREAM
        0x8 => GrpcStatusCode.Cancelled,            // CANCEL
        0xB => GrpcStatusCode.ResourceExhausted,    // ENHANCE_YOUR_CALM
        0xC => GrpcStatusCode.PermissionDenied,     // INADEQUATE_SECURITY
        _ => GrpcStatusCode.Internal,
    };
}
