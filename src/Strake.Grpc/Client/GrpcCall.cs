using System.Buffers;
using System.IO.Pipelines;

namespace Strake.Grpc;

/// <summary>A call of ours with its streams.</summary>
/// <typeparam name="TRequest">What we send.</typeparam>
/// <typeparam name="TResponse">What we get.</typeparam>
public sealed class GrpcCall<TRequest, TResponse> : IGrpcReader<TResponse>, IGrpcWriter<TRequest>, IAsyncDisposable
    where TRequest : class
    where TResponse : class
{
    // Room for two messages as file transfers send them.
    const int ReadBufferBytes = 72 * 1024;

    readonly GrpcChannel channel;
    readonly GrpcMethod<TRequest, TResponse> method;
    readonly OutgoingContent content;
    readonly CallEnd end;
    readonly Task<HttpResponseMessage> answered;
    readonly ArrayBufferWriter<byte> outgoing = new();
    PipeReader? body;
    MessageReader<TResponse>? responses;
    bool isOver;

    internal GrpcCall(
        GrpcChannel channel, GrpcMethod<TRequest, TResponse> method, TRequest? request, GrpcCallOptions options, CancellationToken cancellationToken)
    {
        this.channel = channel;
        this.method = method;
        ReadOnlyMemory<byte>? only = null;
        if (request is not null)
        {
            MessageFrame.Write(request, method.Requests, channel.Options.MaxSentMessageBytes, outgoing);
            only = outgoing.WrittenMemory;
        }

        content = new OutgoingContent(only);
        end = CallEnd.OfStream(channel, options, cancellationToken);
        answered = channel.SendAsync(method.Address, content, options, end.Token);
    }

    /// <summary>What the server sent beside its messages; there once <see cref="HeadersAsync"/> or a read has completed.</summary>
    public GrpcMetadata ResponseMetadata { get; private set; } = GrpcMetadata.Empty;

    /// <summary>What the server sent with the status; there once the last read has completed or thrown.</summary>
    public GrpcMetadata ResponseTrailers { get; private set; } = GrpcMetadata.Empty;

    /// <summary>Waits for the response's headers.</summary>
    /// <exception cref="GrpcException">The call was refused, or the server cannot be reached.</exception>
    public async Task<GrpcMetadata> HeadersAsync(CancellationToken cancellationToken)
    {
        await OpenBodyAsync(cancellationToken);
        return ResponseMetadata;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        outgoing.ResetWrittenCount();
        MessageFrame.Write(message, method.Requests, channel.Options.MaxSentMessageBytes, outgoing);
        return SendAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask WriteAllAsync(IReadOnlyList<TRequest> messages, CancellationToken cancellationToken)
    {
        outgoing.ResetWrittenCount();
        foreach (TRequest message in messages) MessageFrame.Write(message, method.Requests, channel.Options.MaxSentMessageBytes, outgoing);
        return SendAsync(cancellationToken);
    }

    /// <summary>Says that no more messages follow. What the server sends can still be read.</summary>
    public void Complete() => content.Complete();

    /// <inheritdoc/>
    public async ValueTask<TResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        MessageReader<TResponse> reader = responses ?? await OpenBodyAsync(cancellationToken);
        try
        {
            if (await reader.ReadAsync(cancellationToken) is { } message) return message;
        }
        catch (Exception e) when (e is not GrpcException)
        {
            throw end.Describe(e, method.Path, cancellationToken);
        }

        isOver = true;
        HttpResponseMessage response = await answered;
        ResponseTrailers = ResponseStatus.Metadata(response.TrailingHeaders);
        GrpcStatus status = ResponseStatus.OfTrailers(response);
        return status.Code is GrpcStatusCode.Ok ? null : throw new GrpcException(status);
    }

    /// <summary>Gives the call up where it is not over.</summary>
    public async ValueTask DisposeAsync()
    {
        // What was given up a server must not take for whole; of what it has ended itself there is nothing to give up.
        if (isOver) content.Complete();
        else await end.GiveUpAsync();
        if (body is not null) await body.CompleteAsync();
        if (!isOver) await LetGoAsync();
        end.Dispose();
    }

    // A response that was read to its end holds nothing more; closing it while the server takes back the rest of the request can wait for ever.
    async Task LetGoAsync()
    {
        // Seen here, or nobody sees how it ended.
        await answered.ContinueWith(
            static answer =>
            {
                if (answer.IsCompletedSuccessfully) answer.Result.Dispose();
                else _ = answer.Exception;
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    async Task<MessageReader<TResponse>> OpenBodyAsync(CancellationToken cancellationToken)
    {
        if (responses is not null) return responses;
        try
        {
            HttpResponseMessage response = await answered.WaitAsync(cancellationToken);
            ResponseMetadata = ResponseStatus.Metadata(response.Headers);
            if (ResponseStatus.OfHeaders(response) is { Code: not GrpcStatusCode.Ok } refused)
            {
                // A call without a message has its trailers in its headers.
                ResponseTrailers = ResponseMetadata;
                throw new GrpcException(refused);
            }

            body = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken), new StreamPipeReaderOptions(bufferSize: ReadBufferBytes, leaveOpen: true));
            return responses = new MessageReader<TResponse>(body, method.Responses, channel.Options.MaxMessageBytes);
        }
        catch (Exception e) when (e is not GrpcException)
        {
            throw end.Describe(e, method.Path, cancellationToken);
        }
    }

    async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            Stream target = await content.OpenAsync(answered, cancellationToken);
            await target.WriteAsync(outgoing.WrittenMemory, cancellationToken);
            await target.FlushAsync(cancellationToken);
        }
        catch (Exception e) when (e is not GrpcException)
        {
            // A server that ends a call takes no more messages: its status says why.
            if (!cancellationToken.IsCancellationRequested && !end.Token.IsCancellationRequested)
            {
                await answered.ContinueWith(static _ => { }, end.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (answered.IsCompletedSuccessfully)
            {
                while (await ReadAsync(cancellationToken) is not null)
                {
                    // Whoever could not send has no use for responses.
                }
            }

            throw end.Describe(e, method.Path, cancellationToken);
        }
    }
}
