namespace Strake.Grpc.Tests.Client;

/// <summary>Frames that leave, in whatever pieces they are written.</summary>
public sealed class RepeatedMetadataStreamTests
{
    static readonly byte[] s_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
    static readonly byte[] s_settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    static readonly byte[] s_data = [0, 0, 3, 0, 0, 0, 0, 0, 1, 1, 2, 3];
    static readonly byte[] s_joined = [0, 0, 7, 1, 4, 0, 0, 0, 1, 0x00, 1, (byte)'k', 3, (byte)'a', 0x1F, (byte)'b'];
    static readonly byte[] s_apart = [0, 0, 10, 1, 4, 0, 0, 0, 1, 0x00, 1, (byte)'k', 1, (byte)'a', 0x00, 1, (byte)'k', 1, (byte)'b'];

    // The same block in two frames: the first ends the stream, the second ends the block.
    static readonly byte[] s_continued = [0, 0, 4, 1, 1, 0, 0, 0, 3, 0x00, 1, (byte)'k', 3, 0, 0, 3, 9, 4, 0, 0, 0, 3, (byte)'a', 0x1F, (byte)'b'];
    static readonly byte[] s_continuedApart = [0, 0, 10, 1, 5, 0, 0, 0, 3, 0x00, 1, (byte)'k', 1, (byte)'a', 0x00, 1, (byte)'k', 1, (byte)'b'];

    readonly CancellationToken stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(24)]
    [InlineData(1000)]
    public async Task However_frames_are_cut_the_same_leaves(int size)
    {
        byte[] written = [.. s_preface, .. s_settings, .. s_joined, .. s_data, .. s_data, .. s_continued, .. s_data];
        byte[] expected = [.. s_preface, .. s_settings, .. s_apart, .. s_data, .. s_data, .. s_continuedApart, .. s_data];
        using var sent = new MemoryStream();
        await using var stream = new RepeatedMetadataStream(sent, static _ => { });
        foreach (byte[] piece in written.Chunk(size)) await stream.WriteAsync(piece, stop);
        Assert.Equal(expected, sent.ToArray());
    }
}
