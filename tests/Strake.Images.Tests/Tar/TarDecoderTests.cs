using Strake.Images.Tar;
using static Strake.Images.Tests.Tar.TarArchives;

namespace Strake.Images.Tests.Tar;

public class TarDecoderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void Structure_and_content_together_are_the_archive(int chunk)
    {
        var archive = Make("""
            mkdir d; head -c 70000 /dev/urandom > d/f; echo x > d/e; for i in $(seq 0 30); do printf x | dd of=d/s bs=1 seek=$((i * 65536)) conv=notrunc status=none; done
            tar --format=posix --sparse -cf a.tar d
            """);
        var decoder = new TarDecoder(TarLimits.Default);
        var (structure, content, entries, ends) = (new MemoryStream(), 0L, 0, 0);
        for (long start = 0; start < archive.Length; start += chunk)
        {
            ReadOnlySpan<byte> input = archive.AsSpan((int)start, (int)Math.Min(chunk, archive.Length - start));
            while (true)
            {
                var token = decoder.Read(input, out var consumed);
                if (token == TarToken.Content) content += consumed;
                else structure.Write(input[..consumed]);
                input = input[consumed..];
                if (token == TarToken.Entry) entries++;
                if (token == TarToken.EntryEnd) ends++;
                if (token == TarToken.NeedInput) break;
            }
            Assert.True(input.IsEmpty);
        }
        decoder.Complete();
        Assert.True(decoder.EndSeen);
        Assert.Equal(archive.Length, decoder.Position);
        Assert.Equal(archive.Length, structure.Length + content);
        Assert.Equal((4, 4), (entries, ends));
    }

    [Fact]
    public void What_follows_the_end_marker_is_structure()
    {
        var decoder = new TarDecoder(TarLimits.Default);
        byte[] archive = [.. Join(Header("f")), .. Bytes("anything at all")];
        var tokens = new List<TarToken>();
        ReadOnlySpan<byte> input = archive;
        TarToken token;
        do
        {
            token = decoder.Read(input, out var consumed);
            input = input[consumed..];
            tokens.Add(token);
        }
        while (token != TarToken.NeedInput);
        decoder.Complete();
        Assert.Equal([TarToken.Entry, TarToken.EntryEnd, TarToken.Trailer, TarToken.Trailer, TarToken.NeedInput], tokens);
    }
}
