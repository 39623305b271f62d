using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Strake.Images;

/// <summary>What a failure is to a user, in Docker's words (moby's translation of errors of pulls, Go's <c>net</c>). Pure.</summary>
static class RegistryFailure
{
    /// <summary>A refusal while something was fetched.</summary>
    /// <param name="reference">What was asked for.</param>
    /// <param name="fault">What the registry said.</param>
    public static StrakeException OfPull(ImageReference reference, RegistryFault fault) => fault.Code switch
    {
        "MANIFEST_UNKNOWN" => StrakeException.NotFound($"manifest for {reference.Familiar} not found: {fault.Message}"),
        "NAME_UNKNOWN" => StrakeException.NotFound($"repository {reference.FamiliarName} not found: {fault.Message}"),
        // A registry does not tell what is not there from what is not for everybody.
        "DENIED" => StrakeException.NotFound(
            $"pull access denied for {reference.FamiliarName}, repository does not exist or may require 'docker login': {fault.Message}"),
        _ => Of(fault),
    };

    /// <summary>A refusal while something was sent, or asked otherwise.</summary>
    public static StrakeException Of(RegistryFault fault) => (fault.Code, fault.Status) switch
    {
        ("UNAUTHORIZED", _) or (_, HttpStatusCode.Unauthorized) => StrakeException.Unauthorized(fault.Message),
        ("DENIED", _) or (_, HttpStatusCode.Forbidden) => StrakeException.PermissionDenied(fault.Message),
        ("DIGEST_INVALID" or "SIZE_INVALID", _) => StrakeException.DataLoss($"the registry got other bytes than were sent: {fault.Message}"),
        (_, HttpStatusCode.NotFound) => StrakeException.NotFound(fault.Message),
        (_, HttpStatusCode.MethodNotAllowed) => StrakeException.NotSupported(fault.Message),
        (_, HttpStatusCode.RequestEntityTooLarge) => StrakeException.TooLarge(fault.Message),
        (_, HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError or < HttpStatusCode.BadRequest) =>
            StrakeException.Unavailable(fault.Message),
        _ => StrakeException.Invalid(fault.Message),
    };

    /// <summary>A registry that could not be reached, or went away.</summary>
    /// <param name="method">What was asked.</param>
    /// <param name="address">Of whom.</param>
    /// <param name="e">What came of it.</param>
    public static StrakeException OfNetwork(HttpMethod method, Uri address, Exception e)
    {
        var verb = method.Method[..1] + method.Method[1..].ToLowerInvariant();
        return StrakeException.Unavailable($"{verb} \"{RegistryAddress.Shown(address)}\": {Words(address, e)}", e);
    }

    static string Words(Uri address, Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return $"dial tcp: lookup {address.Host}: no such host";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return $"dial tcp {address.Host}:{address.Port}: connect: connection refused";
                case SocketException { SocketErrorCode: SocketError.ConnectionReset }:
                    return $"read tcp {address.Host}:{address.Port}: connection reset by peer";
                case SocketException socket:
                    return $"dial tcp {address.Host}:{address.Port}: {socket.Message}";
                // The first bytes of the answer were no record of TLS.
                case AuthenticationException tls when tls.Message.Contains("frame", StringComparison.OrdinalIgnoreCase):
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: IOException }:
                    return "http: server gave HTTP response to HTTPS client; name the registry in insecure-registries if that is meant";
                case AuthenticationException tls when tls.InnerException is null:
                    return $"tls: failed to verify certificate: {tls.Message}";
                case TimeoutException late:
                    return late.Message;
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return "unexpected EOF";
            }
        }

        return e.Message;
    }
}
