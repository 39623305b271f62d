namespace Strake.Daemon.Server;

/// <summary>The one place where a kind of failure becomes an HTTP status.</summary>
static class ErrorStatus
{
    /// <summary>The status that Docker's clients expect for a kind.</summary>
    /// <exception cref="InvalidOperationException">The kind is not of the closed set.</exception>
    public static int Of(ErrorKind kind) => kind switch
    {
        ErrorKind.NotModified => 304,
        ErrorKind.Invalid => 400,
        ErrorKind.Unauthorized => 401,
        ErrorKind.PermissionDenied => 403,
        ErrorKind.NotFound => 404,
        ErrorKind.AlreadyExists or ErrorKind.Conflict or ErrorKind.InUse => 409,
        ErrorKind.TooLarge => 413,
        ErrorKind.Exhausted or ErrorKind.DataLoss or ErrorKind.Internal => 500,
        ErrorKind.NotSupported => 501,
        ErrorKind.Unavailable => 503,
        _ => throw new InvalidOperationException($"error kind {kind} has no HTTP status"),
    };
}
