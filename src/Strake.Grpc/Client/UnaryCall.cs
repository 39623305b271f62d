using System.Buffers;

namespace Strake.Grpc;

/// <summary>
/// One message there, one back: what most calls are, and by far the most of them, so that it does without what streams need. A call that can
/// neither be given up nor be late allocates little more than its messages.
/// </summary>
/// <param name="channel">The way to the server.</param>
/// <param name="options">What goes with the call.</param>
/// <param name="cancellationToken">Gives the call up.</param>
readonly struct UnaryCall(GrpcChannel channel, GrpcCallOptions options, CancellationToken cancellationToken)
{
    // Most answers fit, and their end is found with the next read.
    const int FirstReadBytes = 4096;

    /// <summary>Makes the call.</summary>
    /// <param name="method">The method.</param>
    /// <param name="request">The message.</param>
    /// <exception cref="GrpcException">The call did not end well.</exception>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    public async Task<TResponse> RunAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        var outgoing = new ArrayBufferWriter<byte>(MessageFrame.Measure(request, method.Requests, channel.Options.MaxSentMessageBytes));
        MessageFrame.Write(request, method.Requests, channel.Options.MaxSentMessageBytes, outgoing);
        using CallEnd end = CallEnd.Of(channel, options, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            response = await channel.SendAsync(method.Address, new MessageContent(outgoing.WrittenMemory), options, end.Token);
            TResponse message = await ReadAsync(response, method.Responses, end.Token);
            // Read to its end, it holds nothing more; to close it is not free.
            response = null;
            return message;
        }
        catch (Exception e) when (e is not GrpcException)
        {
            throw end.Describe(e, method.Path);
        }
        finally
        {
            response?.Dispose();
        }
    }

    async Task<TResponse> ReadAsync<TResponse>(HttpResponseMessage response, IGrpcMarshaller<TResponse> marshaller, CancellationToken ended)
        where TResponse : class
    {
        if (ResponseStatus.OfHeaders(response) is { Code: not GrpcStatusCode.Ok } refused) throw new GrpcException(refused);
        Stream body = await response.Content.ReadAsStreamAsync(ended);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstReadBytes);
        int length = 0;
        try
        {
            while (true)
            {
                int read = await body.ReadAsync(buffer.AsMemory(length), ended);
                if (read == 0) break;
                length += read;
                Check(new ReadOnlySequence<byte>(buffer, 0, length));
                if (length == buffer.Length) buffer = Longer(buffer);
            }

            GrpcStatus status = ResponseStatus.OfTrailers(response);
            return status.Code is GrpcStatusCode.Ok
                ? TheOnly(new ReadOnlySequence<byte>(buffer, 0, length), marshaller)
                : throw new GrpcException(status);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // What is too long is refused before it has come, which bounds the buffer.
    void Check(ReadOnlySequence<byte> received)
    {
        if (MessageFrame.TryTake(ref received, channel.Options.MaxMessageBytes, out _) && !received.IsEmpty) throw MoreThanOne();
    }

    static byte[] Longer(byte[] buffer)
    {
        byte[] longer = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(longer, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return longer;
    }

    TResponse TheOnly<TResponse>(ReadOnlySequence<byte> received, IGrpcMarshaller<TResponse> marshaller)
        where TResponse : class
    {
        if (received.IsEmpty) throw new GrpcException(GrpcStatusCode.Internal, "the server answered without a message");
        if (!MessageFrame.TryTake(ref received, channel.Options.MaxMessageBytes, out ReadOnlySequence<byte> message)) throw new GrpcException(GrpcStatusCode.Internal, "the call was cut off in the middle of a message");
        return received.IsEmpty ? marshaller.Read(message) : throw MoreThanOne();
    }

    static GrpcException MoreThanOne() => new(GrpcStatusCode.Internal, "the server answered with more than one message");
}
