using Google.Protobuf;
using Strake.Grpc;

namespace Strake.Csi;

/// <summary>A unary call of the interface for who handles all of them alike: what it is called, how it is sent and answered, what may come back.</summary>
public abstract class CsiCall
{
    private protected CsiCall(string service, string name, IReadOnlySet<GrpcStatusCode> codes)
    {
        Service = service;
        Name = name;
        Codes = codes;
    }

    /// <summary>The service: <c>csi.v1.Controller</c>.</summary>
    public string Service { get; }

    /// <summary>The call: <c>CreateVolume</c>.</summary>
    public string Name { get; }

    /// <summary>The refusals that the specification has a meaning for, beside those of every call.</summary>
    public IReadOnlySet<GrpcStatusCode> Codes { get; }

    /// <summary>Whether it changes something; a repeat of such a call ends as the first did.</summary>
    public bool Changes { get; init; }

    /// <summary>Sends it.</summary>
    /// <param name="channel">Where to.</param>
    /// <param name="request">A request of this call.</param>
    /// <param name="options">What goes with it.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="GrpcException">It was refused, or did not arrive.</exception>
    public abstract Task<IMessage> SendAsync(GrpcChannel channel, IMessage request, GrpcCallOptions options, CancellationToken cancellationToken);

    /// <summary>Has somebody answer it.</summary>
    /// <param name="answer">Gives the response.</param>
    public abstract GrpcHandler AnsweredBy(Func<CsiCall, IMessage, GrpcServerCall, Task<IMessage>> answer);

    /// <summary>A request as it was written down.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are none.</exception>
    public abstract IMessage ReadRequest(ReadOnlySpan<byte> bytes);

    /// <summary>A response as it was written down.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are none.</exception>
    public abstract IMessage ReadResponse(ReadOnlySpan<byte> bytes);

    /// <summary>A request without what nobody else may know.</summary>
    public abstract IMessage WithoutSecrets(IMessage request);

    /// <inheritdoc/>
    public override string ToString() => $"{Service}/{Name}";

    /// <summary>A call whose types are known.</summary>
    internal static CsiCall Of<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<TRequest, IDictionary<string, string>>? secrets = null, bool changes = false, params GrpcStatusCode[] codes)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        new Typed<TRequest, TResponse>(method, secrets, codes) { Changes = changes };

    sealed class Typed<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<TRequest, IDictionary<string, string>>? secrets, GrpcStatusCode[] codes)
        : CsiCall(method.Service, method.Name, codes.ToHashSet())
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        public override async Task<IMessage> SendAsync(GrpcChannel channel, IMessage request, GrpcCallOptions options, CancellationToken cancellationToken) =>
            await channel.CallAsync(method, (TRequest)request, options, cancellationToken);

        public override GrpcHandler AnsweredBy(Func<CsiCall, IMessage, GrpcServerCall, Task<IMessage>> answer) =>
            GrpcHandler.Unary(method, async (request, call) => (TResponse)await answer(this, request, call));

        public override IMessage ReadRequest(ReadOnlySpan<byte> bytes) => Read<TRequest>(bytes);

        public override IMessage ReadResponse(ReadOnlySpan<byte> bytes) => Read<TResponse>(bytes);

        public override IMessage WithoutSecrets(IMessage request)
        {
            if (secrets is null) return request;
            TRequest copy = ((TRequest)request).Clone();
            secrets(copy).Clear();
            return copy;
        }

        static T Read<T>(ReadOnlySpan<byte> bytes)
            where T : IMessage<T>, new()
        {
            var message = new T();
            message.MergeFrom(bytes);
            return message;
        }
    }
}
