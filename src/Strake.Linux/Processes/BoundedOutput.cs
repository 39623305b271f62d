using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>Reads a child's pipe until it closes or the child has ended, and keeps no more than a limit.</summary>
static class BoundedOutput
{
    const int ChunkSize = 64 * 1024;

    // /proc/sys/fs/pipe-max-size: no more than this can be left in the pipe when the child ends. Others that have it may go on writing.
    const int PipeCapacity = 1024 * 1024;

    public static async Task<(ReadOnlyMemory<byte> Bytes, bool IsCut)> ReadAsync(SafeFileHandle pipe, int limit, Task exited)
    {
        Syscall.SetNonBlocking(pipe);
        using var ended = new CancellationTokenSource();
        var ending = exited.ContinueWith(_ => ended.Cancel(), TaskScheduler.Default);
        var kept = new ArrayBufferWriter<byte>();
        var isCut = false;
        var left = PipeCapacity;
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            while (true)
            {
                // Seen before the read: all that the child wrote before its end is in the pipe then, so "nothing now" is the end.
                var isLast = exited.IsCompleted;
                var count = Syscall.TryRead(pipe, chunk);
                if (isLast)
                    left -= count;

                if (count == 0 || (isLast && (count < 0 || left < 0)))
                    return (kept.WrittenMemory, isCut);

                if (count < 0)
                    await WaitAsync(pipe, ended.Token);
                else
                    isCut |= !Keep(kept, chunk.AsSpan(0, count), limit);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
            await ending;
        }
    }

    static bool Keep(ArrayBufferWriter<byte> kept, ReadOnlySpan<byte> bytes, int limit)
    {
        var room = limit - kept.WrittenCount;
        kept.Write(bytes[..Math.Min(room, bytes.Length)]);
        return bytes.Length <= room;
    }

    static async Task WaitAsync(SafeFileHandle pipe, CancellationToken ended)
    {
        try
        {
            await Readiness.WaitAsync(pipe, PollEvents.Readable, ended);
        }
        catch (OperationCanceledException)
        {
            // The child has ended: one more round reads what is left.
        }
    }
}
