using System.IO.Pipelines;

namespace Strake.Layers;

/// <summary>Hands a tar from the one who writes it to the one who reads it, without a file between.</summary>
static class TarPipe
{
    /// <summary>Runs both ends to their end.</summary>
    /// <param name="write">Writes the tar.</param>
    /// <param name="read">Reads it to its end.</param>
    /// <param name="cancellationToken">Cancels both.</param>
    /// <returns>What the reader returned.</returns>
    /// <exception cref="StrakeException">What went wrong first: at the writer, or else at the reader.</exception>
    public static async Task<T> RunAsync<T>(
        Func<Stream, CancellationToken, Task> write, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe(new PipeOptions(
            pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false));
        var writing = Task.Run(() => WriteAsync(pipe.Writer, write, stop.Token), CancellationToken.None);
        try
        {
            return await read(pipe.Reader.AsStream(leaveOpen: true), cancellationToken);
        }
        catch when (!writing.IsFaulted)
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            // A writer that failed failed first: the reader only found the pipe broken.
            await pipe.Reader.CompleteAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (writing.IsFaulted) await writing;
        }
    }

    static async Task WriteAsync(PipeWriter writer, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await write(writer.AsStream(leaveOpen: true), cancellationToken);
            await writer.CompleteAsync();
        }
        catch (Exception e)
        {
            await writer.CompleteAsync(e);
            throw;
        }
    }
}
