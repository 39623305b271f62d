using System.IO.Pipelines;

namespace Strake.Images;

/// <summary>Reads what a method writes, while it writes it. The method runs from the first read on, and is over when this is disposed.</summary>
public sealed class WrittenStream : ForwardStream
{
    readonly Func<Stream, CancellationToken, Task> write;
    readonly CancellationTokenSource stop = new();
    readonly Pipe pipe;
    readonly Stream output;
    Task? writing;

    /// <param name="write">Writes all of it to the stream that it is given, which it need not close. What it throws, reading throws.</param>
    /// <param name="aheadBytes">How far it may be ahead of who reads.</param>
    public WrittenStream(Func<Stream, CancellationToken, Task> write, int aheadBytes)
    {
        this.write = write;
        pipe = new Pipe(new PipeOptions(pauseWriterThreshold: aheadBytes, resumeWriterThreshold: aheadBytes / 2, minimumSegmentSize: 64 << 10, useSynchronizationContext: false));
        output = pipe.Reader.AsStream(leaveOpen: true);
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        writing ??= Task.Run(WriteAsync, CancellationToken.None);
        return output.ReadAsync(buffer, cancellationToken);
    }

    /// <summary>Stops the method, and waits until it has.</summary>
    public override async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await pipe.Reader.CompleteAsync();
        if (writing is not null) await writing;
        stop.Dispose();
        await base.DisposeAsync();
    }

    // Never fails itself: who reads learns what went wrong, and who does not read any more does not want to know.
    async Task WriteAsync()
    {
        try
        {
            await write(pipe.Writer.AsStream(leaveOpen: true), stop.Token);
            await pipe.Writer.CompleteAsync();
        }
        catch (Exception e)
        {
            await pipe.Writer.CompleteAsync(e);
        }
    }
}
