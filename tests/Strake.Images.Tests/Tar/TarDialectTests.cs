using Strake.Images.Tar;
using static Strake.Images.Tests.Tar.TarArchives;

namespace Strake.Images.Tests.Tar;

/// <summary>Archives of real programs, in each dialect they know.</summary>
public class TarDialectTests
{
    const string Tree = """
        mkdir -p t/dir; echo hello > t/dir/file; chown 1000:2000 t/dir/file; chmod 4751 t/dir/file; touch -d '2001-02-03 04:05:06.123456789Z' t/dir/file
        ln t/dir/file t/hard; ln -s dir/file t/soft; mkfifo t/fifo; mknod t/null c 1 3; : > t/empty
        head -c 3000 /dev/urandom > t/random

        """;

    [Theory]
    [InlineData("v7", 0)]
    [InlineData("oldgnu", 0)]
    [InlineData("gnu", 0)]
    [InlineData("ustar", 0)]
    [InlineData("posix", 0)]
    [InlineData("posix", 1)]
    [InlineData("gnu", 7)]
    [InlineData("posix", 511)]
    [InlineData("posix", 513)]
    public async Task Every_format_of_GNU_tar_reads_the_same(string format, int chunk)
    {
        // V7 has no devices and no fifos.
        var without = format == "v7" ? "rm t/fifo t/null; " : "";
        var entries = await ReadAsync(Make($"{Tree}{without}tar --format={format} --sort=name -cf a.tar t"), chunk);
        var byName = entries.ToDictionary(e => Text(e.Entry.Name));
        var file = byName["t/dir/file"];
        Assert.Equal("hello\n", Text(file.Content));
        Assert.Equal(TarEntryType.Regular, file.Entry.Type);
        Assert.Equal(Convert.ToInt32("4751", 8), (int)file.Entry.Mode);
        Assert.Equal((1000, 2000), (file.Entry.Uid, file.Entry.Gid));
        Assert.Equal(new TarTime(981173106, format == "posix" ? 123456789 : 0), file.Entry.ModifiedTime);
        Assert.Equal(TarEntryType.Directory, byName["t/dir/"].Entry.Type);
        Assert.Equal((TarEntryType.HardLink, "t/dir/file"), (byName["t/hard"].Entry.Type, Text(byName["t/hard"].Entry.LinkName)));
        Assert.Equal((TarEntryType.SymbolicLink, "dir/file"), (byName["t/soft"].Entry.Type, Text(byName["t/soft"].Entry.LinkName)));
        Assert.Equal(3000, byName["t/random"].Content.Length);
        if (format == "v7") return;
        Assert.Equal(TarEntryType.Fifo, byName["t/fifo"].Entry.Type);
        var device = byName["t/null"].Entry;
        Assert.Equal((TarEntryType.CharacterDevice, 1u, 3u), (device.Type, device.DeviceMajor, device.DeviceMinor));
    }

    [Theory]
    [InlineData("gnu", "0.0")]
    [InlineData("posix", "0.0")]
    [InlineData("posix", "0.1")]
    [InlineData("posix", "1.0")]
    public async Task Sparse_files_come_back_whole(string format, string version)
    {
        // 40 stretches: more than the header's four and the first extension block's 21.
        const string Script = """
            for i in $(seq 0 39); do printf 'data %03d' $i | dd of=s bs=1 seek=$((i * 65536 + 7)) conv=notrunc status=none; done
            truncate -s 3000000 s
            """;
        var archive = Make($"{Script}\ntar --format={format} --sparse --sparse-version={version} -cf a.tar s");
        Assert.True(archive.Length < 1_000_000);
        var expected = new byte[3_000_000];
        for (var i = 0; i < 40; i++) Bytes($"data {i:D3}").CopyTo(expected, (i * 65536) + 7);
        foreach (var chunk in (int[])[0, 100, 513])
        {
            var (entry, content) = Assert.Single(await ReadAsync(archive, chunk));
            Assert.Equal("s", Text(entry.Name));
            Assert.Equal(3_000_000, entry.SizeBytes);
            Assert.True(entry.Extents!.Count >= 40);
            Assert.True(content.AsSpan().SequenceEqual(expected));
        }
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("posix")]
    public async Task Long_names_and_links_are_read(string format)
    {
        var entries = await ReadAsync(Make($"""
            p=$(printf 'd%.0s' $(seq 200)); q=$(printf 'e%.0s' $(seq 120)); mkdir -p $p/$q; echo x > $p/$q/file; ln -s $p/$q/file link; ln $p/$q/file hard
            tar --format={format} -cf a.tar $p/$q/file link hard
            """));
        var name = new string('d', 200) + "/" + new string('e', 120) + "/file";
        Assert.Equal([name, "link", "hard"], entries.Select(e => Text(e.Entry.Name)));
        Assert.Equal(["", name, name], entries.Select(e => Text(e.Entry.LinkName)));
    }

    [Fact]
    public async Task Extended_attributes_and_capabilities_are_read()
    {
        var entries = await ReadAsync(Make("""
            echo x > f; cp /bin/true g; setfattr -n user.note -v 'a=b' f; setfattr -n user.e=mc -v 2 f; setcap cap_net_raw+ep g
            setfacl -m u:1000:r f
            tar --format=posix --xattrs --xattrs-include='*' --acls -cf a.tar f g
            """));
        var xattrs = entries[0].Entry.Xattrs.ToDictionary(x => Text(x.Name), x => Text(x.Value));
        Assert.Equal("a=b", xattrs["user.note"]);
        Assert.Equal("2", xattrs["user.e=mc"]);
        var capability = entries[1].Entry.Xattrs.Single(x => Text(x.Name) == "security.capability");
        Assert.Equal(20, capability.Value.Length);
    }

    [Theory]
    [InlineData("USTAR_FORMAT")]
    [InlineData("GNU_FORMAT")]
    [InlineData("PAX_FORMAT")]
    public async Task Pythons_tarfile_is_read(string format)
    {
        var entries = await ReadAsync(Make($"""
            python3 - <<'END'
            import tarfile, io
            t = tarfile.open('a.tar', 'w', format=tarfile.{format})
            for name, size in (('plain', 10), ('x/' + 'y' * 90 + '/z', 600), ('übung', 0)):
                i = tarfile.TarInfo(name); i.size = size; i.mtime = 1; i.uid = 7 if '{format}' == 'USTAR_FORMAT' else 5000000; i.uname = 'me'
                t.addfile(i, io.BytesIO(b'c' * size))
            t.close()
            END
            """));
        Assert.Equal(["plain", "x/" + new string('y', 90) + "/z", "übung"], entries.Select(e => Text(e.Entry.Name)));
        Assert.Equal([10, 600, 0], entries.Select(e => e.Content.Length));
        Assert.All(entries, e => Assert.Equal(format == "USTAR_FORMAT" ? 7 : 5000000, e.Entry.Uid));
        Assert.All(entries, e => Assert.Equal("me", Text(e.Entry.UserName)));
    }

    [Fact]
    public async Task Global_headers_apply_to_nothing()
    {
        var archive = Join(Extension('g', Record("path", "evil") + Record("comment", "abc")), Header("good"));
        Assert.Equal("good", Text(Assert.Single(await ReadAsync(archive)).Entry.Name));
    }

    [Fact]
    public async Task A_GNU_long_name_goes_before_a_pax_path()
    {
        var archive = Join(Extension('x', Record("path", "pax")), Extension('L', "gnu\0"), Header("ustar"));
        Assert.Equal("gnu", Text(Assert.Single(await ReadAsync(archive)).Entry.Name));
    }

    [Fact]
    public async Task The_prefix_of_star_and_ustar_is_joined()
    {
        var ustar = Header("name", change: b => Bytes("some/prefix").CopyTo(b, 345));
        var star = Header("name", change: b => { Bytes("prefix").CopyTo(b, 345); Bytes("12345670123").CopyTo(b, 476); Bytes("tar\0").CopyTo(b, 508); });
        Assert.Equal(["some/prefix/name", "prefix/name"], (await ReadAsync(Join(ustar, star))).Select(e => Text(e.Entry.Name)));
    }

    [Fact]
    public async Task Base_256_numbers_are_read_with_their_sign()
    {
        var header = Header("f", change: b =>
        {
            new byte[] { 0x80, 0, 0, 0, 0x12, 0x34, 0x56, 0x78 }.CopyTo(b, 108);
            Enumerable.Repeat((byte)0xFF, 12).ToArray().CopyTo(b, 136);
        });
        var entry = Assert.Single(await ReadAsync(Join(header))).Entry;
        Assert.Equal((0x12345678, new TarTime(-1)), (entry.Uid, entry.ModifiedTime));
    }

    [Fact]
    public async Task The_attributes_of_libarchive_are_read()
    {
        var archive = Join(Extension('x', Record("LIBARCHIVE.xattr.user.a%3Db", "aGVsbG8") + Record("mtime", "-1.25")), Header("f"));
        var entry = Assert.Single(await ReadAsync(archive)).Entry;
        Assert.Equal(("user.a=b", "hello"), (Text(entry.Xattrs[0].Name), Text(entry.Xattrs[0].Value)));
        Assert.Equal(new TarTime(-2, 750_000_000), entry.ModifiedTime);
        Assert.Equal("-1.25", entry.ModifiedTime.ToString());
    }

    [Fact]
    public async Task Signed_checksums_of_old_writers_are_accepted()
    {
        var header = Header("f\u00FC");
        header.AsSpan(148, 8).Fill((byte)' ');
        Bytes(Convert.ToString(header.Sum(b => (sbyte)b), 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        Assert.Equal("fü", Text(Assert.Single(await ReadAsync(Join(header))).Entry.Name));
    }
}
