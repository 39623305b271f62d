namespace Strake.Grpc;

/// <summary>Sends messages to the other side.</summary>
/// <typeparam name="T">Their type.</typeparam>
/// <remarks>One writer at a time. A send waits while the other side does not read.</remarks>
public interface IGrpcWriter<T>
    where T : class
{
    /// <summary>Sends a message; it is on its way when the call returns.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up waiting; the call is of no more use then.</param>
    /// <exception cref="GrpcException">The call is over.</exception>
    ValueTask WriteAsync(T message, CancellationToken cancellationToken);

    /// <summary>Sends several messages at once: cheaper than one after the other.</summary>
    /// <param name="messages">The messages, in order.</param>
    /// <param name="cancellationToken">Gives up waiting; the call is of no more use then.</param>
    /// <exception cref="GrpcException">The call is over.</exception>
    ValueTask WriteAllAsync(IReadOnlyList<T> messages, CancellationToken cancellationToken);
}
