namespace Strake.Grpc;

/// <summary>A call that did not end well: thrown to the caller, and by a handler that wants to say how it ended.</summary>
/// <param name="status">How it ended.</param>
/// <param name="inner">The cause, where another exception is it.</param>
public sealed class GrpcException(GrpcStatus status, Exception? inner = null) : Exception(status.Message, inner)
{
    /// <summary>An exception of a code and a message.</summary>
    public GrpcException(GrpcStatusCode code, string message, Exception? inner = null)
        : this(new GrpcStatus(code, message), inner)
    {
    }

    /// <summary>How the call ended.</summary>
    public GrpcStatus Status { get; } = status;

    /// <summary>The status's code.</summary>
    public GrpcStatusCode Code => Status.Code;
}
