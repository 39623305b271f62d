using Strake.Images.Tar;
using Strake.State;
using static Strake.Images.Tests.Tar.TarArchives;

namespace Strake.Images.Tests.Tar;

/// <summary>Archives that lie, end early, or ask for too much.</summary>
public class TarHostileTests
{
    public static TheoryData<string, byte[]> Broken => new()
    {
        { "garbage", Enumerable.Repeat((byte)'x', 1024).ToArray() },
        { "wrong checksum", Join(Header("f", change: null).Select((b, i) => i == 0 ? (byte)'g' : b).ToArray()) },
        { "half an end marker", [.. new byte[512], .. Header("f")] },
        { "negative size", Join(Header("f", change: b => Enumerable.Repeat((byte)0xFF, 12).ToArray().CopyTo(b, 124))) },
        { "size not octal", Join(Header("f", change: b => Bytes("0000000009\0").CopyTo(b, 124))) },
        { "size over 63 bits", Join(Header("f", change: b => new byte[] { 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }.CopyTo(b, 124))) },
        { "no name", Join(Header("")) },
        { "pax length too long", Join(Extension('x', "99 path=x\n"), Header("f")) },
        { "pax length too short", Join(Extension('x', "3 path=x\n"), Header("f")) },
        { "pax length negative", Join(Extension('x', "-9 path=x\n"), Header("f")) },
        { "pax length missing", Join(Extension('x', "path=x\n"), Header("f")) },
        { "pax without newline", Join(Extension('x', "9 path=xy"), Header("f")) },
        { "pax without keyword", Join(Extension('x', "5 =x\n"), Header("f")) },
        { "pax name with NUL", Join(Extension('x', Record("path", "a\0b")), Header("f")) },
        { "pax name too long", Join(Extension('x', Record("path", new string('a', 5000))), Header("f")) },
        { "pax size negative", Join(Extension('x', Record("size", "-1")), Header("f")) },
        { "pax uid not a number", Join(Extension('x', Record("uid", "1e3")), Header("f")) },
        { "pax mtime not a time", Join(Extension('x', Record("mtime", "1.2.3")), Header("f")) },
        { "global header broken", Join(Extension('g', "99 path=x\n"), Header("f")) },
        { "attribute without a name", Join(Extension('x', Record("SCHILY.xattr.", "v")), Header("f")) },
        { "attribute too long", Join(Extension('x', Record("SCHILY.xattr.user.a", new string('v', 70000))), Header("f")) },
        { "too many attributes", Join(Extension('x', string.Concat(Enumerable.Range(0, 300).Select(i => Record($"SCHILY.xattr.user.{i}", "v")))), Header("f")) },
        { "attribute not base64", Join(Extension('x', Record("LIBARCHIVE.xattr.user.a", "!!!")), Header("f")) },
        { "GNU name too long", Join(Extension('L', new string('a', 5000)), Header("f")) },
        { "extension too long", Join(Header("ext", 'x', 2 << 20)) },
        { "extension without an entry", Join(Extension('x', Record("path", "a"))) },
        { "sparse out of the file", Join(Extension('x', Record("GNU.sparse.map", "0,10") + Record("GNU.sparse.size", "5")), Header("f", size: 10), new byte[512]) },
        { "sparse overlaps", Join(Extension('x', Record("GNU.sparse.map", "0,5,4,5") + Record("GNU.sparse.size", "50")), Header("f", size: 10), new byte[512]) },
        { "sparse negative", Join(Extension('x', Record("GNU.sparse.map", "-5,5") + Record("GNU.sparse.size", "50")), Header("f", size: 5), new byte[512]) },
        { "sparse overflows", Join(Extension('x', Record("GNU.sparse.map", "9223372036854775807,9223372036854775807") + Record("GNU.sparse.size", "9223372036854775807")), Header("f", size: 5), new byte[512]) },
        { "sparse holds less than the content", Join(Extension('x', Record("GNU.sparse.map", "0,5") + Record("GNU.sparse.size", "50")), Header("f", size: 10), new byte[512]) },
        { "sparse holds more than the content", Join(Extension('x', Record("GNU.sparse.map", "0,50") + Record("GNU.sparse.size", "50")), Header("f", size: 10), new byte[512]) },
        { "sparse map odd", Join(Extension('x', Record("GNU.sparse.map", "0,5,6") + Record("GNU.sparse.size", "50")), Header("f", size: 5), new byte[512]) },
        { "sparse count wrong", Join(Extension('x', Record("GNU.sparse.numblocks", "7") + Record("GNU.sparse.map", "0,5") + Record("GNU.sparse.size", "50")), Header("f", size: 5), new byte[512]) },
        { "sparse lengths without offsets", Join(Extension('x', Record("GNU.sparse.numbytes", "5") + Record("GNU.sparse.size", "50")), Header("f", size: 5), new byte[512]) },
        { "sparse 1.0 of many extents", Join(Sparse10("99999999\n"), new byte[512]) },
        { "sparse 1.0 not numbers", Join(Sparse10("abc\n"), new byte[512]) },
        { "sparse 1.0 endless", Join(Sparse10(new string('1', 512)), new byte[512]) },
        { "old sparse in a ustar header", Join(Header("f", 'S')) },
    };

    static byte[] Sparse10(string map) =>
    [
        .. Extension('x', Record("GNU.sparse.major", "1") + Record("GNU.sparse.minor", "0") + Record("GNU.sparse.realsize", "50")),
        .. Header("f", size: 1024),
        .. Padded(Bytes(map)),
    ];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_broken_is_refused(string what, byte[] archive)
    {
        var error = await Assert.ThrowsAsync<StrakeException>(() => ReadAsync(archive));
        Assert.True(error.Kind == ErrorKind.Invalid, what);
        Assert.Contains("tar", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_names_the_entry()
    {
        var archive = Join(Header("fine"), Header("f\u001b[31m", change: b => Bytes("0000000009\0").CopyTo(b, 124)));
        var error = await Assert.ThrowsAsync<StrakeException>(() => ReadAsync(archive));
        Assert.Contains("tar entry 2 (f?[31m)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cut_at_any_byte_it_is_refused_or_ends_between_two_entries()
    {
        var archive = Make("""
            mkdir d; head -c 1000 /dev/urandom > d/f; touch -d @1.5 d/f; n=$(printf 'n%.0s' $(seq 150)); echo x > $n; truncate -s 10000 d/s; echo y >> d/s
            tar --format=posix --sparse -b1 -cf a.tar d $n
            """);
        var whole = await ReadAsync(archive);
        for (var length = 0; length < archive.Length; length += length % 512 is 0 or 511 ? 1 : 510)
        {
            try
            {
                var cut = await ReadAsync(archive[..length]);
                Assert.Equal(0, length % 512);
                Assert.Equal(whole.Take(cut.Count).Select(e => Text(e.Entry.Name)), cut.Select(e => Text(e.Entry.Name)));
                Assert.Equal(whole.Take(cut.Count).Select(e => e.Content), cut.Select(e => e.Content));
            }
            catch (StrakeException refused)
            {
                Assert.Equal(ErrorKind.Invalid, refused.Kind);
            }
        }
    }

    [Fact]
    public void Two_hundred_thousand_changed_headers_break_nothing()
    {
        var archives = new[]
        {
            Make("mkdir d; echo x > d/f; ln d/f d/g; ln -s f d/h; touch -d @1.5 d/f; setfattr -n user.a -v b d/f; tar --format=posix --xattrs -b1 -cf a.tar d"),
            Make("n=$(printf 'n%.0s' $(seq 150)); echo x > $n; ln -s $n l; tar --format=gnu -b1 -cf a.tar $n l"),
            Make("for i in $(seq 0 30); do printf x | dd of=s bs=1 seek=$((i * 65536)) conv=notrunc status=none; done; tar --format=gnu -S -b1 -cf a.tar s"),
            Make("for i in $(seq 0 30); do printf x | dd of=s bs=1 seek=$((i * 65536)) conv=notrunc status=none; done; tar --format=posix -S -b1 -cf a.tar s"),
            Make("printf x > s; truncate -s 1M s; tar --format=posix --sparse-version=0.0 -S -b1 -cf a.tar s"),
        };
        var random = new Random(20240501);
        var accepted = 0;
        for (var round = 0; round < 200_000; round++)
        {
            var archive = Mutate(archives[round % archives.Length], random);
            try
            {
                Decode(archive, random.Next(1, 2000));
                accepted++;
            }
            catch (StrakeException refused)
            {
                Assert.Equal(ErrorKind.Invalid, refused.Kind);
            }
        }
        // Both outcomes occur, or the mutations miss what they are for.
        Assert.InRange(accepted, 1000, 199_000);
    }

    // Changes bytes and signs the headers again, so that the change gets past the checksum.
    static byte[] Mutate(byte[] archive, Random random)
    {
        var changed = archive.Take(random.Next(4) == 0 ? random.Next(archive.Length) : archive.Length).ToArray();
        if (changed.Length < 512) return changed;
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var block = random.Next(changed.Length / 512) * 512;
            var at = block + (random.Next(2) == 0 ? random.Next(512) : random.Next(100, 160));
            changed[at] = random.Next(4) switch { 0 => (byte)random.Next(256), 1 => (byte)('0' + random.Next(10)), 2 => 0, _ => (byte)(changed[at] ^ (1 << random.Next(8))) };
            if (changed.AsSpan(block + 257, 5).SequenceEqual("ustar"u8)) Sign(changed.AsSpan(block, 512).ToArray()).CopyTo(changed, block);
        }
        return changed;
    }

    static void Decode(byte[] archive, int chunk)
    {
        var decoder = new TarDecoder(TarLimits.Default);
        for (var start = 0; start < archive.Length; start += chunk)
        {
            ReadOnlySpan<byte> input = archive.AsSpan(start, Math.Min(chunk, archive.Length - start));
            while (decoder.Read(input, out var consumed) is not TarToken.NeedInput) input = input[consumed..];
        }
        decoder.Complete();
    }
}
