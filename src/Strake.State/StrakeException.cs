namespace Strake.State;

/// <summary>
/// The one exception type of Strake's projects. The <see cref="Kind"/> says what it means to a caller; the message says it to a person:
/// which operation failed, on which object and path, and what can be done.
/// </summary>
/// <param name="kind">What kind of failure it is.</param>
/// <param name="message">Operation, object, path, and the way out.</param>
/// <param name="inner">The cause, when another exception is it.</param>
/// <example><code>throw StrakeException.NotFound($"no such volume: {name}");</code></example>
public sealed class StrakeException(ErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public ErrorKind Kind { get; } = kind;

    /// <summary>An exception of <see cref="ErrorKind.NotFound"/>.</summary>
    public static StrakeException NotFound(string message, Exception? inner = null) => new(ErrorKind.NotFound, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.AlreadyExists"/>.</summary>
    public static StrakeException AlreadyExists(string message, Exception? inner = null) => new(ErrorKind.AlreadyExists, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.Conflict"/>.</summary>
    public static StrakeException Conflict(string message, Exception? inner = null) => new(ErrorKind.Conflict, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.Invalid"/>.</summary>
    public static StrakeException Invalid(string message, Exception? inner = null) => new(ErrorKind.Invalid, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.InUse"/>.</summary>
    public static StrakeException InUse(string message, Exception? inner = null) => new(ErrorKind.InUse, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.Exhausted"/>.</summary>
    public static StrakeException Exhausted(string message, Exception? inner = null) => new(ErrorKind.Exhausted, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.DataLoss"/>.</summary>
    public static StrakeException DataLoss(string message, Exception? inner = null) => new(ErrorKind.DataLoss, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.Unavailable"/>.</summary>
    public static StrakeException Unavailable(string message, Exception? inner = null) => new(ErrorKind.Unavailable, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.NotSupported"/>.</summary>
    public static StrakeException NotSupported(string message, Exception? inner = null) => new(ErrorKind.NotSupported, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.NotModified"/>.</summary>
    public static StrakeException NotModified(string message, Exception? inner = null) => new(ErrorKind.NotModified, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.PermissionDenied"/>.</summary>
    public static StrakeException PermissionDenied(string message, Exception? inner = null) =>
        new(ErrorKind.PermissionDenied, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.Unauthorized"/>.</summary>
    public static StrakeException Unauthorized(string message, Exception? inner = null) => new(ErrorKind.Unauthorized, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.TooLarge"/>.</summary>
    public static StrakeException TooLarge(string message, Exception? inner = null) => new(ErrorKind.TooLarge, message, inner);

    /// <summary>An exception of <see cref="ErrorKind.Internal"/>.</summary>
    public static StrakeException Internal(string message, Exception? inner = null) => new(ErrorKind.Internal, message, inner);
}
