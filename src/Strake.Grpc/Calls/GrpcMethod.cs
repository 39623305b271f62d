using Google.Protobuf;

namespace Strake.Grpc;

/// <summary>A method of a service: its path, and how its messages are written. The same on both sides.</summary>
/// <typeparam name="TRequest">What callers send.</typeparam>
/// <typeparam name="TResponse">What they get.</typeparam>
/// <param name="Service">The service with its package: <c>moby.buildkit.v1.Control</c>.</param>
/// <param name="Name">The method: <c>Solve</c>.</param>
/// <param name="Requests">How requests are written.</param>
/// <param name="Responses">How responses are written.</param>
public sealed record GrpcMethod<TRequest, TResponse>(
    string Service, string Name, IGrpcMarshaller<TRequest> Requests, IGrpcMarshaller<TResponse> Responses)
    where TRequest : class
    where TResponse : class
{
    /// <summary>The path of the request in HTTP: <c>/moby.buildkit.v1.Control/Solve</c>.</summary>
    public string Path { get; } = $"/{Service}/{Name}";

    /// <summary>The same as a client asks for it: taken apart once, and not with each call.</summary>
    internal Uri Address { get; } = new($"http://localhost/{Service}/{Name}");
}

/// <summary>Makes methods whose messages are protocol buffers.</summary>
public static class GrpcMethod
{
    /// <summary>A method whose messages are protocol buffers.</summary>
    /// <param name="service">The service with its package.</param>
    /// <param name="name">The method.</param>
    /// <param name="requests">The parser of requests.</param>
    /// <param name="responses">The parser of responses.</param>
    public static GrpcMethod<TRequest, TResponse> Of<TRequest, TResponse>(
        string service, string name, MessageParser<TRequest> requests, MessageParser<TResponse> responses)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        new(service, name, new ProtobufMarshaller<TRequest>(requests), new ProtobufMarshaller<TResponse>(responses));
}
