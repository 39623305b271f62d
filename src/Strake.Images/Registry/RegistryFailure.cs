using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Strake.Images;

/// <summary>What a failure is to a user, in Docker's words (moby <c>distribution/errors.go</c>, Go's <c>net</c>). Pure.</summary>
static class RegistryFailure
{
    /// <summary>A refusal while something was fetched.</summary>
    /// <param name="reference">What was asked for.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="fault">What the registry said.</param>
    public static StrakeException OfPull(ImageReference reference, HttpStatusCode status, RegistryFault fault) => (fault.Code, status) switch
    {
        ("MANIFEST_UNKNOWN", _) => StrakeException.NotFound($"manifest for {reference.Familiar} not found: {fault.Message}"),
        ("NAME_UNKNOWN", _) => StrakeException.NotFound($"repository {reference.FamiliarName} not found: {fault.Message}"),
        // A registry does not tell what is not there from what is not for everybody.
        ("DENIED" or "UNAUTHORIZED", _) or (_, HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) => StrakeException.NotFound(
            $"pull access denied for {reference.FamiliarName}, repository does not exist or may require 'docker login': {fault.Message}"),
        _ => Of(status, fault),
    };

    /// <summary>A refusal while something was sent, or asked otherwise.</summary>
    public static StrakeException Of(HttpStatusCode status, RegistryFault fault) => status switch
    {
        HttpStatusCode.Unauthorized => StrakeException.Unauthorized(fault.Code.Length > 0 ? fault.Message : $"unauthorized: {fault.Message}"),
        HttpStatusCode.Forbidden => StrakeException.PermissionDenied(fault.Code.Length > 0 ? fault.Message : $"denied: {fault.Message}"),
        HttpStatusCode.NotFound => StrakeException.NotFound(fault.Message),
        HttpStatusCode.TooManyRequests => StrakeException.Unavailable($"toomanyrequests: {fault.Message}"),
        HttpStatusCode.RequestEntityTooLarge => StrakeException.TooLarge($"the registry does not take so much: {fault.Message}"),
        HttpStatusCode.MethodNotAllowed => StrakeException.NotSupported($"the registry does not allow it: {fault.Message}"),
        >= HttpStatusCode.InternalServerError => StrakeException.Unavailable($"received unexpected HTTP status: {fault.Message}"),
        _ when fault.Code is "DIGEST_INVALID" or "SIZE_INVALID" => StrakeException.DataLoss($"the registry got other bytes than were sent: {fault.Message}"),
        _ => StrakeException.Invalid(fault.Message),
    };

    /// <summary>A registry that could not be reached, or went away.</summary>
    public static StrakeException OfNetwork(HttpMethod method, Uri address, Exception e)
    {
        var verb = method.Method is [var first, .. var rest] ? first + rest.ToLowerInvariant() : "";
        return StrakeException.Unavailable($"{verb} \"{address.GetLeftPart(UriPartial.Path)}\": {Words(address, e)}", e);
    }

    static string Words(Uri address, Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return $"dial tcp {address.Host}:{address.Port}: connect: connection refused";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return $"dial tcp: lookup {address.Host}: no such host";
                case SocketException { SocketErrorCode: SocketError.ConnectionReset }:
                    return $"read tcp {address.Host}:{address.Port}: connection reset by peer";
                case SocketException socket:
                    return $"dial tcp {address.Host}:{address.Port}: {socket.Message}";
                case AuthenticationException tls when cause.InnerException is null:
                    // The first bytes of the answer were no record of TLS.
                    return tls.Message.Contains("frame", StringComparison.OrdinalIgnoreCase)
                        ? "http: server gave HTTP response to HTTPS client; name the registry in insecure-registries if that is meant"
                        : $"tls: failed to verify certificate: {tls.Message}";
                case TimeoutException or TaskCanceledException:
                    return $"the registry is too slow: {cause.Message}";
            }
        }

        return e.Message;
    }
}
