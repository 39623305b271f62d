using System.IO.Pipelines;

namespace Strake.Grpc;

/// <summary>Sends a call's responses.</summary>
/// <typeparam name="T">Their type.</typeparam>
/// <param name="call">The call.</param>
/// <param name="marshaller">How they are written.</param>
sealed class ResponseWriter<T>(GrpcServerCall call, IGrpcMarshaller<T> marshaller) : IGrpcWriter<T>
    where T : class
{
    /// <summary>Puts a message where the end of the call, or the next flush, sends it.</summary>
    public void Write(T message)
    {
        call.Begin();
        MessageFrame.Write(message, marshaller, call.Options.MaxSentMessageBytes, call.Http.Response.BodyWriter);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(T message, CancellationToken cancellationToken)
    {
        Write(message);
        return FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask WriteAllAsync(IReadOnlyList<T> messages, CancellationToken cancellationToken)
    {
        foreach (T message in messages) Write(message);
        return FlushAsync(cancellationToken);
    }

    async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        FlushResult result = await call.Http.Response.BodyWriter.FlushAsync(cancellationToken);
        if (result.IsCompleted) throw new GrpcException(GrpcStatusCode.Cancelled, "the caller has gone");
    }
}
