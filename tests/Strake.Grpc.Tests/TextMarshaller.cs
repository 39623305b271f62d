using System.Buffers;
using System.Text;

namespace Strake.Grpc.Tests;

/// <summary>Messages that are text; "broken" is none.</summary>
sealed class TextMarshaller : IGrpcMarshaller<string>
{
    public int Measure(string message) => Encoding.UTF8.GetByteCount(message);

    public void Write(string message, IBufferWriter<byte> target) => Encoding.UTF8.GetBytes(message, target);

    public string Read(in ReadOnlySequence<byte> source)
    {
        string text = Encoding.UTF8.GetString(source);
        return text is "broken" ? throw new GrpcException(GrpcStatusCode.Internal, "no text") : text;
    }
}
