using System.Buffers;

namespace Strake.Grpc;

/// <summary>How messages of one type become bytes, and bytes messages.</summary>
/// <typeparam name="T">The type.</typeparam>
/// <example><code>
/// IGrpcMarshaller&lt;PingRequest&gt; requests = new ProtobufMarshaller&lt;PingRequest&gt;(PingRequest.Parser);
/// </code></example>
public interface IGrpcMarshaller<T>
    where T : class
{
    /// <summary>How many bytes <see cref="Write"/> will write.</summary>
    /// <param name="message">The message.</param>
    int Measure(T message);

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="target">Receives exactly as many bytes as <see cref="Measure"/> said.</param>
    void Write(T message, IBufferWriter<byte> target);

    /// <summary>Reads a message.</summary>
    /// <param name="source">All of its bytes; they are others' as soon as the call returns.</param>
    /// <exception cref="GrpcException">Internal: these bytes are no such message.</exception>
    T Read(in ReadOnlySequence<byte> source);
}
