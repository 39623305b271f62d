namespace Strake.Grpc;

/// <summary>The messages that the other side sends, one after the other.</summary>
/// <typeparam name="T">Their type.</typeparam>
/// <remarks>One reader at a time. Who does not read holds the other side back.</remarks>
/// <example><code>
/// while (await call.ReadAsync(cancellationToken) is { } message) Use(message);
/// </code></example>
public interface IGrpcReader<T>
    where T : class
{
    /// <summary>Waits for the next message.</summary>
    /// <param name="cancellationToken">Gives up waiting; the call is of no more use then.</param>
    /// <returns>The message; null after the last.</returns>
    /// <exception cref="GrpcException">The call did not end well, or what came is no message.</exception>
    ValueTask<T?> ReadAsync(CancellationToken cancellationToken);
}
