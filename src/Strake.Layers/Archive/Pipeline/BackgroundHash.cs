using System.Security.Cryptography;
using System.Threading.Channels;
using Strake.Images;

namespace Strake.Layers.Archive.Pipeline;

/// <summary>
/// A SHA-256 that is computed on another thread than the one that has the bytes: that thread, which reads and inflates, is the one that a
/// layer waits for. Bytes are copied into a few blocks, which costs a hundredth of hashing them.
/// </summary>
sealed class BackgroundHash : IAsyncDisposable
{
    const int BlockSize = 128 * 1024;
    const int BlockCount = 4;

    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly BlockPool _pool = new(BlockCount, BlockSize);
    readonly Channel<Block> _filled = Channel.CreateBounded<Block>(new BoundedChannelOptions(BlockCount) { SingleReader = true, SingleWriter = true });
    readonly Task _work;
    Block? _block;

    public BackgroundHash() => _work = Task.Run(WorkAsync);

    /// <summary>Adds bytes; waits when the hash is some blocks behind.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            _block ??= await _pool.RentAsync(cancellationToken);
            var part = Math.Min(bytes.Length, _block.Buffer.Length - _block.Length);
            bytes.Span[..part].CopyTo(_block.Buffer.AsSpan(_block.Length));
            _block.Length += part;
            bytes = bytes[part..];
            if (_block.Length == _block.Buffer.Length) Send();
        }
    }

    /// <summary>The digest of all bytes; once, at the end.</summary>
    public async Task<Digest> CompleteAsync()
    {
        Send();
        _filled.Writer.Complete();
        await _work;
        return Digest.FromHash(_hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        _filled.Writer.TryComplete();
        await _work;
        _pool.Dispose();
        _hash.Dispose();
    }

    void Send()
    {
        if (_block is null) return;
        _block.ShareAmong(1);
        // There are as many places as blocks.
        if (!_filled.Writer.TryWrite(_block)) throw new InvalidOperationException("The hash was completed already.");
        _block = null;
    }

    async Task WorkAsync()
    {
        await foreach (var block in _filled.Reader.ReadAllAsync())
        {
            _hash.AppendData(block.Bytes);
            block.Release();
        }
    }
}
