using System.IO.Compression;

namespace Strake.Images.Tests;

public class GzipEncodingStreamTests
{
    const int Block = 512 * 1024;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData((5 * Block) + 77)]
    public async Task What_is_compressed_comes_back(int length)
    {
        var plain = Content(length);
        var compressed = await CompressAsync(plain, workers: 2, piece: 100_000);
        Assert.Equal(plain, await DecompressAsync(compressed));
        // A second reader, which checks the trailer, and our own.
        using var back = new MemoryStream();
        var (compression, stream) = await LayerDecompressor.OpenAsync(new MemoryStream(compressed), ExpansionLimit.None, Cancel);
        await using (stream) await stream.CopyToAsync(back, Cancel);
        Assert.Equal((Compression.Gzip, Digest.Of(plain)), (compression, Digest.Of(back.ToArray())));
    }

    [Fact]
    public async Task The_bytes_depend_neither_on_the_workers_nor_on_the_pieces()
    {
        var plain = Content((7 * Block) + 5);
        var first = await CompressAsync(plain, workers: 1, piece: plain.Length);
        Assert.Equal(first, await CompressAsync(plain, workers: 4, piece: 4096));
        Assert.InRange(first.Length, 1, plain.Length / 2);
    }

    [Fact]
    public async Task What_does_not_compress_grows_by_little()
    {
        var noise = new byte[(3 * Block) + 1];
        new Random(1).NextBytes(noise);
        var compressed = await CompressAsync(noise, workers: 2, piece: noise.Length);
        Assert.InRange(compressed.Length, noise.Length, noise.Length + (noise.Length / 500) + 100);
        Assert.Equal(noise, await DecompressAsync(compressed));
    }

    [Fact]
    public async Task A_target_that_fails_stops_the_writer()
    {
        await using var gzip = new GzipEncodingStream(new FailingStream(), workers: 2);
        var failure = await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var i = 0; i < 100; i++) await gzip.WriteAsync(Content(Block), Cancel);
            await gzip.CompleteAsync(Cancel);
        });
        Assert.Equal("gone", failure.Message);
    }

    static byte[] Content(int length)
    {
        var content = new byte[length];
        for (var i = 0; i < length; i++) content[i] = (byte)((i / 7 * (i >> 12)) + (i % 13));
        return content;
    }

    static async Task<byte[]> CompressAsync(byte[] plain, int workers, int piece)
    {
        using var target = new MemoryStream();
        await using var gzip = new GzipEncodingStream(target, workers);
        for (var at = 0; at < plain.Length; at += piece) await gzip.WriteAsync(plain.AsMemory(at, Math.Min(piece, plain.Length - at)), Cancel);
        await gzip.CompleteAsync(Cancel);
        return target.ToArray();
    }

    static async Task<byte[]> DecompressAsync(byte[] compressed)
    {
        using var plain = new MemoryStream();
        await using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        await gzip.CopyToAsync(plain, Cancel);
        return plain.ToArray();
    }

    sealed class FailingStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("gone");
    }
}
