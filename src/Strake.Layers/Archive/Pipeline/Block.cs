namespace Strake.Layers.Archive.Pipeline;

/// <summary>A piece of a stream that several workers look at; the last one that is done with it gives it back.</summary>
sealed class Block(BlockPool pool, byte[] buffer)
{
    int _users;

    public byte[] Buffer { get; } = buffer;

    /// <summary>How much of the buffer is filled.</summary>
    public int Length { get; set; }

    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);

    /// <summary>Says how many workers will look at it.</summary>
    public void ShareAmong(int users) => _users = users;

    /// <summary>One worker is done with it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) > 0) return;
        Length = 0;
        pool.Return(this);
    }
}
