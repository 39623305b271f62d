using Strake.Containers;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>A client that reads a log as plain text: both streams as they come, no frames.</summary>
/// <param name="body">The body of the response.</param>
/// <param name="limit">The most bytes that it wants; null: all.</param>
sealed class PlainLogClient(Stream body, long? limit) : IStreamClient
{
    long left = limit ?? long.MaxValue;

    /// <inheritdoc/>
    public Stream? Input => null;

    /// <inheritdoc/>
    /// <exception cref="EndOfStreamException">The client has all that it wanted.</exception>
    public async ValueTask WriteAsync(ContainerStream kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> wanted = data[..(int)Math.Min(data.Length, left)];
        left -= wanted.Length;
        await body.WriteAsync(wanted, cancellationToken);
        await body.FlushAsync(cancellationToken);
        if (left == 0) throw new EndOfStreamException();
    }
}
