using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Threading.Channels;
using Strake.Images.Codecs;

namespace Strake.Images;

/// <summary>
/// Compresses what is written to it into one gzip member, in blocks on all cores. The same bytes give the same member on machines with
/// the same library, whatever the number of cores. The member is whole only after <see cref="CompleteAsync"/>.
/// </summary>
/// <remarks>
/// As pigz -i does it: blocks that do not look back at one another are compressed apart and stand in a row as one deflate stream
/// (RFC 1951, section 3.2.3; each ends on a byte). What a block cannot look back at costs less than 1 % with blocks of this size.
/// Memory: two buffers of a block for each worker and two more.
/// </remarks>
public sealed class GzipEncodingStream : Stream
{
    const int BlockSize = 512 * 1024;

    // RFC 1952, 2.3: no name, no time, made on Unix, fastest algorithm: the header tells nothing of when and where.
    static readonly byte[] s_header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 3];

    readonly Stream _target;
    readonly Channel<Task<Compressed>> _blocks;
    readonly Task _writing;
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentBag<DeflateBlocks> _idle = [];
    byte[] _block = ArrayPool<byte>.Shared.Rent(BlockSize);
    int _filled;

    /// <summary>A stream at the start of a member.</summary>
    /// <param name="target">Receives the member; not closed. Written to by one thread at a time, not by the caller's.</param>
    /// <param name="workers">Blocks that are compressed at once; 0: as many as there are cores.</param>
    public GzipEncodingStream(Stream target, int workers = 0)
    {
        _target = target;
        var atOnce = workers > 0 ? workers : Environment.ProcessorCount;
        // Those in the channel are compressed while the writer waits for the first of them.
        _blocks = Channel.CreateBounded<Task<Compressed>>(new BoundedChannelOptions(atOnce) { SingleReader = true, SingleWriter = true });
        _writing = Task.Run(WriteAllAsync);
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var part = Math.Min(buffer.Length, BlockSize - _filled);
            buffer.Span[..part].CopyTo(_block.AsSpan(_filled));
            buffer = buffer[part..];
            _filled += part;
            if (_filled == BlockSize) await SendAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Ends the member and hands all of it to the target.</summary>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0) await SendAsync(cancellationToken);
        _blocks.Writer.TryComplete();
        await _writing.WaitAsync(cancellationToken);
    }

    /// <summary>Does nothing: a flush in the middle would only make the member larger.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _blocks.Writer.TryComplete();
        // Its failure, if any, was the caller's to see at CompleteAsync.
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_blocks.Reader.TryRead(out var left)) (await left).Return();
        foreach (var deflate in _idle) deflate.Dispose();
        if (_block.Length > 0) ArrayPool<byte>.Shared.Return(_block);
        _block = [];
        _stop.Dispose();
        await base.DisposeAsync();
    }

    async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        var (block, length) = (_block, _filled);
        (_block, _filled) = (ArrayPool<byte>.Shared.Rent(BlockSize), 0);
        var compressing = Task.Run(() => Compress(block, length), CancellationToken.None);
        try
        {
            await _blocks.Writer.WriteAsync(compressing, cancellationToken);
        }
        catch (Exception e)
        {
            (await compressing).Return();
            // The writer gives the channel up when the target fails: that failure is the one to tell.
            if (e is ChannelClosedException) await _writing;
            throw;
        }
    }

    Compressed Compress(byte[] block, int length)
    {
        var output = ArrayPool<byte>.Shared.Rent(DeflateBlocks.Bound(BlockSize));
        if (!_idle.TryTake(out var deflate)) deflate = new DeflateBlocks();
        try
        {
            return new Compressed(output, deflate.Compress(block.AsSpan(0, length), output), length, DeflateBlocks.Checksum(block.AsSpan(0, length)));
        }
        finally
        {
            _idle.Add(deflate);
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    async Task WriteAllAsync()
    {
        try
        {
            await _target.WriteAsync(s_header, _stop.Token);
            var (checksum, total) = (0u, 0u);
            await foreach (var compressing in _blocks.Reader.ReadAllAsync(_stop.Token))
            {
                var block = await compressing;
                try
                {
                    await _target.WriteAsync(block.Bytes.AsMemory(0, block.Length), _stop.Token);
                    checksum = DeflateBlocks.Combine(checksum, block.Checksum, block.PlainLength);
                    total += (uint)block.PlainLength;
                }
                finally
                {
                    block.Return();
                }
            }

            // The empty last block, then what gzip wants to know of the whole.
            var trailer = new byte[10];
            trailer[0] = 3;
            BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(2), checksum);
            BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(6), total);
            await _target.WriteAsync(trailer, _stop.Token);
            await _target.FlushAsync(_stop.Token);
        }
        catch (Exception e)
        {
            _blocks.Writer.TryComplete(e);
            throw;
        }
    }

    sealed record Compressed(byte[] Bytes, int Length, int PlainLength, uint Checksum)
    {
        public void Return() => ArrayPool<byte>.Shared.Return(Bytes);
    }
}
