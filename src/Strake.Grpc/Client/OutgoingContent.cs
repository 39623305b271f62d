using System.Net;

namespace Strake.Grpc;

/// <summary>A request's body that is written while the call lives.</summary>
sealed class OutgoingContent : HttpContent
{
    readonly ReadOnlyMemory<byte>? only;
    readonly TaskCompletionSource<Stream> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A body.</summary>
    /// <param name="only">All of it where it is known; null: it is written through <see cref="OpenAsync"/> until <see cref="Complete"/>.</param>
    public OutgoingContent(ReadOnlyMemory<byte>? only)
    {
        this.only = only;
        Headers.TryAddWithoutValidation("content-type", "application/grpc");
    }

    /// <summary>Waits until the request's headers are out, and gives where messages go.</summary>
    /// <param name="answered">The request; when it fails before, its failure is thrown.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<Stream> OpenAsync(Task answered, CancellationToken cancellationToken)
    {
        if (!opened.Task.IsCompleted)
        {
            await Task.WhenAny(opened.Task, answered).WaitAsync(cancellationToken);
            if (!opened.Task.IsCompleted) await answered;
        }

        if (completed.Task.IsCompleted) throw new InvalidOperationException("a message was sent after the last");
        return await opened.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Says that nothing follows.</summary>
    public void Complete() => completed.TrySetResult();

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (only is { } message)
        {
            await stream.WriteAsync(message, cancellationToken);
            return;
        }

        // Headers go out without a message: a server may speak first.
        await stream.FlushAsync(cancellationToken);
        opened.TrySetResult(stream);
        await completed.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
