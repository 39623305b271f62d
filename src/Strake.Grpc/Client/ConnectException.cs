namespace Strake.Grpc;

/// <summary>The server could not be reached: nothing was sent, and whoever may wait can begin again.</summary>
/// <param name="message">The address and the cause.</param>
/// <param name="inner">The cause.</param>
sealed class ConnectException(string message, Exception? inner) : IOException(message, inner)
{
    /// <summary>What of this kind a request failed for; null where it failed for something else.</summary>
    public static ConnectException? CauseOf(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
            if (cause is ConnectException unreached) return unreached;
        return null;
    }
}
