using System.Buffers;
using System.IO.Pipelines;
using Strake.Images;

namespace Strake.Daemon.Server;

/// <summary>What a client sends on a connection that has left HTTP. It can be stopped while somebody waits for more.</summary>
/// <param name="pipe">The transport's.</param>
sealed class HijackedInput(PipeReader pipe) : ForwardStream
{
    readonly SemaphoreSlim turn = new(1);
    bool isStopped;

    /// <inheritdoc/>
    /// <exception cref="IOException">It was stopped.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                ThrowIfStopped();
                ReadResult result = await pipe.ReadAsync(cancellationToken);
                ReadOnlySequence<byte> there = result.Buffer;
                int length = Volatile.Read(ref isStopped) ? 0 : (int)Math.Min(there.Length, buffer.Length);
                bool isAnswer = length > 0 || result.IsCompleted || (buffer.IsEmpty && !there.IsEmpty);
                // The end of all is told as such: the same place as the end of a part of it would count as bytes left unseen.
                ReadOnlySequence<byte> taken = length == there.Length ? there : there.Slice(0, length);
                taken.CopyTo(buffer.Span);
                // From here on the pipe may use that memory again.
                pipe.AdvanceTo(taken.End);
                if (isAnswer && !Volatile.Read(ref isStopped)) return length;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Ends reading: who waits for more, or asks later, hears that. Then the pipe is the caller's alone.</summary>
    public async Task StopAsync()
    {
        Volatile.Write(ref isStopped, true);
        pipe.CancelPendingRead();
        await turn.WaitAsync();
        turn.Release();
    }

    void ThrowIfStopped()
    {
        if (Volatile.Read(ref isStopped)) throw new IOException("the connection is being closed");
    }
}
