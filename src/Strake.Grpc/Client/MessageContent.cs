using System.Net;

namespace Strake.Grpc;

/// <summary>A request's body that is one message, known whole.</summary>
sealed class MessageContent : HttpContent
{
    readonly ReadOnlyMemory<byte> framed;

    /// <summary>A body.</summary>
    /// <param name="framed">The message with its prefix; kept until the call is over.</param>
    public MessageContent(ReadOnlyMemory<byte> framed)
    {
        this.framed = framed;
        Headers.TryAddWithoutValidation("content-type", "application/grpc");
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(framed, cancellationToken).AsTask();

    // Its length is known, but would go out as a header that nobody needs.
    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
