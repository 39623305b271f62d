using System.Threading.Channels;

namespace Strake.Layers.Archive.Pipeline;

/// <summary>
/// Reads a stream once and hands every block of it to several workers, each on a thread of its own, in order. The reader is at most the
/// pool's blocks ahead of the slowest worker.
/// </summary>
static class TeePipeline
{
    // Small enough for the inner cache of a core, large enough that handing over costs nothing; measured with bench/apply.
    const int BlockSize = 256 * 1024;
    const int BlockCount = 12;

    /// <summary>Runs until the stream is read to its end and all workers are done; the first failure stops the others and is thrown.</summary>
    public static async Task RunAsync(Stream source, IReadOnlyList<Action<ReadOnlySpan<byte>>> workers, CancellationToken cancellationToken)
    {
        using var pool = new BlockPool(BlockCount, BlockSize);
        // What counts is who failed first, not who was stopped for it.
        Exception? first = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channels = workers.Select(_ => Channel.CreateBounded<Block>(new BoundedChannelOptions(BlockCount) { SingleReader = true, SingleWriter = true })).ToList();
        var tasks = workers.Select((worker, i) => Task.Run(() => Guard(WorkAsync(channels[i].Reader, worker, stop.Token)), CancellationToken.None)).ToList();
        tasks.Add(Task.Run(() => Guard(ReadAsync(source, pool, channels, stop.Token)), CancellationToken.None));
        // All have ended before the buffers go back.
        await Task.WhenAll(tasks);
        cancellationToken.ThrowIfCancellationRequested();
        if (first is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);

        async Task Guard(Task part)
        {
            try
            {
                await part;
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref first, failure, null);
                await stop.CancelAsync();
            }
        }
    }

    static async Task ReadAsync(Stream source, BlockPool pool, List<Channel<Block>> channels, CancellationToken cancellationToken)
    {
        while (true)
        {
            var block = await pool.RentAsync(cancellationToken);
            block.Length = await source.ReadAtLeastAsync(block.Buffer, block.Buffer.Length, throwOnEndOfStream: false, cancellationToken);
            if (block.Length == 0) break;
            var isLast = block.Length < block.Buffer.Length;
            block.ShareAmong(channels.Count);
            foreach (var channel in channels) await channel.Writer.WriteAsync(block, cancellationToken);
            if (isLast) break;
        }
        foreach (var channel in channels) channel.Writer.Complete();
    }

    static async Task WorkAsync(ChannelReader<Block> blocks, Action<ReadOnlySpan<byte>> worker, CancellationToken cancellationToken)
    {
        await foreach (var block in blocks.ReadAllAsync(cancellationToken))
        {
            worker(block.Bytes);
            block.Release();
        }
    }
}
