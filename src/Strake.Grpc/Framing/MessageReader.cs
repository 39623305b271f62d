using System.Buffers;
using System.IO.Pipelines;

namespace Strake.Grpc;

/// <summary>The messages in a body, one after the other.</summary>
/// <typeparam name="T">Their type.</typeparam>
/// <param name="source">The body.</param>
/// <param name="marshaller">How they are read.</param>
/// <param name="maxBytes">The longest that is read.</param>
sealed class MessageReader<T>(PipeReader source, IGrpcMarshaller<T> marshaller, int maxBytes) : IGrpcReader<T>
    where T : class
{
    bool isOver;

    /// <inheritdoc/>
    public async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        while (!isOver)
        {
            ReadResult result = await source.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (TryRead(ref buffer, out T? message))
            {
                source.AdvanceTo(buffer.Start);
                return message;
            }

            bool isCut = result.IsCompleted && !buffer.IsEmpty;
            source.AdvanceTo(buffer.Start, buffer.End);
            if (isCut) throw new GrpcException(GrpcStatusCode.Internal, "the call was cut off in the middle of a message");
            isOver = result.IsCompleted;
        }

        return null;
    }

    bool TryRead(ref ReadOnlySequence<byte> buffer, out T? message)
    {
        message = null;
        if (!MessageFrame.TryTake(ref buffer, maxBytes, out ReadOnlySequence<byte> bytes)) return false;
        message = marshaller.Read(bytes);
        return true;
    }
}
