using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>What a call to a client that did not end well means.</summary>
static class SessionErrors
{
    /// <summary>The error of a call.</summary>
    /// <param name="what">What was wanted.</param>
    /// <param name="error">How the call ended.</param>
    public static StrakeException Of(string what, GrpcException error)
    {
        string message = $"{what}: {error.Message}";
        return error.Code switch
        {
            GrpcStatusCode.NotFound => StrakeException.NotFound(message, error),
            GrpcStatusCode.AlreadyExists => StrakeException.AlreadyExists(message, error),
            GrpcStatusCode.PermissionDenied => StrakeException.PermissionDenied(message, error),
            GrpcStatusCode.Unauthenticated => StrakeException.Unauthorized(message, error),
            GrpcStatusCode.Unimplemented => StrakeException.NotSupported(message, error),
            GrpcStatusCode.InvalidArgument => StrakeException.Invalid(message, error),
            GrpcStatusCode.ResourceExhausted => StrakeException.Exhausted(message, error),
            _ => StrakeException.Unavailable(message, error),
        };
    }
}
