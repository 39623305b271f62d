using System.Buffers;
using System.Threading.Channels;

namespace Strake.Layers.Archive.Pipeline;

/// <summary>The blocks of one pipeline. Their number is its bound: who reads ahead waits here for those who work.</summary>
sealed class BlockPool : IDisposable
{
    readonly Channel<Block> _free;
    readonly List<byte[]> _buffers = [];

    /// <summary>A pool of that many blocks.</summary>
    public BlockPool(int count, int size)
    {
        _free = Channel.CreateBounded<Block>(count);
        for (var i = 0; i < count; i++)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(size);
            _buffers.Add(buffer);
            Return(new Block(this, buffer));
        }
    }

    public ValueTask<Block> RentAsync(CancellationToken cancellationToken) => _free.Reader.ReadAsync(cancellationToken);

    public void Return(Block block)
    {
        if (!_free.Writer.TryWrite(block)) throw new InvalidOperationException("A block was returned twice.");
    }

    /// <summary>Gives the buffers back; nobody works any more.</summary>
    public void Dispose()
    {
        foreach (var buffer in _buffers) ArrayPool<byte>.Shared.Return(buffer);
        _buffers.Clear();
    }
}
