using System.Buffers;
using Google.Protobuf;

namespace Strake.Grpc;

/// <summary>Messages of protocol buffers.</summary>
/// <typeparam name="T">A generated type.</typeparam>
/// <param name="parser">The type's parser.</param>
public sealed class ProtobufMarshaller<T>(MessageParser<T> parser) : IGrpcMarshaller<T>
    where T : class, IMessage<T>
{
    /// <inheritdoc/>
    public int Measure(T message) => message.CalculateSize();

    /// <inheritdoc/>
    public void Write(T message, IBufferWriter<byte> target) => message.WriteTo(target);

    /// <inheritdoc/>
    public T Read(in ReadOnlySequence<byte> source)
    {
        try
        {
            return parser.ParseFrom(source);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(GrpcStatusCode.Internal, $"what came is no {typeof(T).Name}: {e.Message}", e);
        }
    }
}
