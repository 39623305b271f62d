namespace Strake.Grpc;

/// <summary>What answers the calls of one method.</summary>
public abstract class GrpcHandler
{
    private protected GrpcHandler(string path) => Path = path;

    /// <summary>The method's path.</summary>
    internal string Path { get; }

    /// <summary>One message comes, one goes.</summary>
    /// <param name="method">The method.</param>
    /// <param name="body">Makes the response.</param>
    public static GrpcHandler Unary<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcServerCall, Task<TResponse>> body)
        where TRequest : class
        where TResponse : class =>
        new Handler<TRequest, TResponse>(method, async (requests, responses, call) =>
        {
            TRequest request = await OneAsync(requests, call);
            TResponse response = await body(request, call);
            // Goes out together with the status.
            responses.Write(response);
        });

    /// <summary>One message comes, any number go.</summary>
    /// <param name="method">The method.</param>
    /// <param name="body">Sends the responses.</param>
    public static GrpcHandler ServerStream<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<TRequest, IGrpcWriter<TResponse>, GrpcServerCall, Task> body)
        where TRequest : class
        where TResponse : class =>
        new Handler<TRequest, TResponse>(method, async (requests, responses, call) =>
        {
            TRequest request = await OneAsync(requests, call);
            await body(request, responses, call);
        });

    /// <summary>Any number come, one goes.</summary>
    /// <param name="method">The method.</param>
    /// <param name="body">Reads the requests and makes the response.</param>
    public static GrpcHandler ClientStream<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<IGrpcReader<TRequest>, GrpcServerCall, Task<TResponse>> body)
        where TRequest : class
        where TResponse : class =>
        new Handler<TRequest, TResponse>(method, async (requests, responses, call) => responses.Write(await body(requests, call)));

    /// <summary>Any number come and go, in any order.</summary>
    /// <param name="method">The method.</param>
    /// <param name="body">Reads and sends.</param>
    public static GrpcHandler Duplex<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<IGrpcReader<TRequest>, IGrpcWriter<TResponse>, GrpcServerCall, Task> body)
        where TRequest : class
        where TResponse : class =>
        new Handler<TRequest, TResponse>(method, (requests, responses, call) => body(requests, responses, call));

    /// <summary>Answers one call; what it throws becomes the call's status.</summary>
    internal abstract Task RunAsync(GrpcServerCall call);

    static async Task<T> OneAsync<T>(IGrpcReader<T> requests, GrpcServerCall call)
        where T : class
    {
        T? request = await requests.ReadAsync(call.Late);
        if (request is null) throw new GrpcException(GrpcStatusCode.Internal, "the call came without its message");
        if (await requests.ReadAsync(call.Late) is not null) throw new GrpcException(GrpcStatusCode.Internal, "the call came with more than one message");
        return request;
    }

    sealed class Handler<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<IGrpcReader<TRequest>, ResponseWriter<TResponse>, GrpcServerCall, Task> body)
        : GrpcHandler(method.Path)
        where TRequest : class
        where TResponse : class
    {
        internal override Task RunAsync(GrpcServerCall call) => body(
            new MessageReader<TRequest>(call.Http.Request.BodyReader, method.Requests, call.Options.MaxMessageBytes),
            new ResponseWriter<TResponse>(call, method.Responses),
            call);
    }
}
