using System.Security.Cryptography;
using Strake.Images;
using Strake.Layers.Archive;
using Strake.State;
using static Strake.Layers.Tests.Archive.Sandbox;

namespace Strake.Layers.Tests.Archive;

/// <summary>Layers as real programs make them: what is on disk afterwards, and that the same bytes come back.</summary>
public sealed class LayerApplyTests : IDisposable
{
    // Everything a layer can hold, with names and times that only some dialects can.
    const string Tree = """
        mkdir -p t/dir/deep t/sticky; chmod 1777 t/sticky
        echo hello > t/dir/file; chown 1000:2000 t/dir/file; chmod 4751 t/dir/file; touch -d '2001-02-03 04:05:06.123456789Z' t/dir/file
        head -c 300000 /dev/urandom > t/dir/deep/random; : > t/empty; ln t/dir/file t/hard; ln t/empty t/dir/empty2
        ln -s dir/file t/soft; ln -s /nowhere t/broken; chown -h 5:6 t/soft; mkfifo -m 640 t/fifo; mknod -m 600 t/tty c 5 0; mknod t/sda b 8 0
        n=$(printf 'n%.0s' $(seq 120)); mkdir -p t/$n/$n; echo long > t/$n/$n/file
        printf 'x' > t/$'not utf8 \xff\xfe'
        touch -d '2005-05-05 05:05:05.5Z' t/dir/deep t/dir t/sticky t -h t/soft
        """;

    readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Theory]
    [InlineData("gnu")]
    [InlineData("oldgnu")]
    [InlineData("posix")]
    public async Task The_tree_is_what_GNU_tar_extracts_and_the_bytes_come_back(string format)
    {
        var tar = _box.Tar($"{Tree}\ntar --format={format} -C t -cf a.tar .");
        var applied = await _box.RoundTripAsync(tar);
        _box.Run("mkdir peer; tar --numeric-owner -C peer -xpf make/a.tar");
        Assert.Equal(_box.Listing("peer"), _box.Listing("layer"));
        Assert.Equal(tar.Length, applied.TarSizeBytes);
        Assert.Equal(Compression.None, applied.Compression);
        Assert.Empty(applied.DeferredLinks);
        Assert.Empty(applied.ImpliedDirectories);
        // 300,000 random, "hello", "long", "x"; the root has an entry.
        Assert.Equal(300_000 + 6 + 5 + 1, applied.Usage.SizeBytes);
        Assert.Equal(int.Parse(_box.Run("find layer -printf '%i\\n' | sort -u | wc -l")), applied.Usage.Inodes + 1);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("xz")]
    [InlineData("bzip2")]
    public async Task A_compressed_layer_is_the_same_layer(string program)
    {
        var plain = _box.Tar($"{Tree}\ntar --format=posix -C t -cf a.tar .");
        _box.Run($"{program} -c make/a.tar > a.packed");
        var packed = File.ReadAllBytes(_box.At("a.packed"));
        var (applied, record) = await _box.ApplyAsync(packed);
        Assert.Equal(new DiffId(Digest.Of(plain)), applied.DiffId);
        Assert.Equal((packed.Length, plain.Length), (applied.BlobSizeBytes, applied.TarSizeBytes));
        Assert.Equal(program, applied.Compression.ToString().ToLowerInvariant());
        Assert.Equal(Digest.Of(plain), Digest.Of(await _box.RestoreAsync(record)));
        _box.Run("mkdir peer; tar --numeric-owner -C peer -xpf make/a.tar");
        Assert.Equal(_box.Listing("peer"), _box.Listing("layer"));
    }

    [Theory]
    [InlineData("gnu", "0.0")]
    [InlineData("posix", "0.0")]
    [InlineData("posix", "0.1")]
    [InlineData("posix", "1.0")]
    public async Task Sparse_files_keep_their_holes(string format, string version)
    {
        var tar = _box.Tar($"""
            for i in $(seq 0 39); do printf 'data %03d' $i | dd of=s bs=1 seek=$((i * 1048576 + 7)) conv=notrunc status=none; done; truncate -s 64M s; truncate -s 1G hole
            tar --format={format} --sparse --sparse-version={version} -cf a.tar s hole
            """);
        var applied = await _box.RoundTripAsync(tar);
        Assert.Equal(_box.Run("md5sum < make/s"), _box.Run("md5sum < layer/s"));
        Assert.Equal($"{64 << 20}\n{1 << 30}\n", _box.Run("stat -c %s layer/s layer/hole"));
        Assert.True(int.Parse(_box.Run("du -k layer | tail -1 | cut -f1")) < 1000);
        Assert.Equal((64L << 20) + (1L << 30), applied.Usage.SizeBytes);
    }

    [Fact]
    public async Task Attributes_access_lists_and_capabilities_are_set_after_the_owner()
    {
        var tar = _box.Tar("""
            mkdir d; cp /bin/true d/ping; chown 12:34 d/ping; chmod 2755 d/ping; setcap cap_net_raw+ep d/ping
            echo x > d/f; setfattr -n user.note -v 'a=b' d/f; setfattr -n trusted.mine -v t d/f; setfattr -n user.dir -v v d
            tar --format=posix --xattrs --xattrs-include='*' -cf a.tar d
            """);
        await _box.RoundTripAsync(tar);
        Assert.Contains("cap_net_raw=ep", _box.Run("getcap layer/d/ping"), StringComparison.Ordinal);
        Assert.Equal(_box.Listing("make/d"), _box.Listing("layer/d"));
    }

    [Fact]
    public async Task Access_lists_in_the_form_of_attributes_are_set_and_do_not_reach_what_is_made_later()
    {
        _box.Run("mkdir src src/d; setfacl -d -m u:7:rwx src/d; echo x > f; setfacl -m u:8:r f; getfattr -m - --only-values -n system.posix_acl_default src/d > default; getfattr --only-values -n system.posix_acl_access f > access");
        var dir = new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.Directory, "d", []) { Mode = (UnixFileMode)0x1ED };
        var tar = Strake(
            new Images.Tar.TarEntry { Name = Bytes("d/"), Type = Images.Tar.TarEntryType.Directory, Mode = dir.Mode, Xattrs = [new(Bytes("system.posix_acl_default"), File.ReadAllBytes(_box.At("default")))] },
            new Images.Tar.TarEntry { Name = Bytes("d/f"), Type = Images.Tar.TarEntryType.Regular, Mode = (UnixFileMode)0x1A4, Xattrs = [new(Bytes("system.posix_acl_access"), File.ReadAllBytes(_box.At("access")))] },
            new Images.Tar.TarEntry { Name = Bytes("d/plain"), Type = Images.Tar.TarEntryType.Regular, Mode = (UnixFileMode)0x1A4 });
        await _box.RoundTripAsync(tar);
        Assert.Contains("default:user:7:rwx", _box.Run("getfacl -np layer/d"), StringComparison.Ordinal);
        Assert.Contains("user:8:r--", _box.Run("getfacl -np layer/d/f"), StringComparison.Ordinal);
        Assert.DoesNotContain("user:7", _box.Run("getfacl -np layer/d/plain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_expected_is_verified()
    {
        var tar = Make(File_("f"));
        var digest = Digest.FromHash(SHA256.HashData(tar));
        LayerApplyOptions With(LayerExpectation expected) => new() { Whiteouts = WhiteoutForm.Overlay, Expected = expected };
        await _box.ApplyAsync(tar, options: With(new LayerExpectation(digest, tar.Length, new DiffId(digest))));
        var other = Digest.Of([1]);
        foreach (var expected in (LayerExpectation[])[new(Blob: other), new(BlobSizeBytes: tar.Length - 1), new(BlobSizeBytes: tar.Length + 1), new(DiffId: new DiffId(other))])
        {
            var error = await Assert.ThrowsAsync<StrakeException>(() => _box.ApplyAsync(tar, directory: "other", options: With(expected)));
            Assert.Equal(ErrorKind.DataLoss, error.Kind);
        }
    }

    [Fact]
    public async Task A_bomb_is_stopped_before_it_fills_the_disk()
    {
        var tar = _box.Tar("truncate -s 200M zeros; tar --format=gnu -czf a.tar zeros");
        var options = new LayerApplyOptions { Whiteouts = WhiteoutForm.Overlay, Limit = new ExpansionLimit { MaxBytes = 10_000_000 } };
        var error = await Assert.ThrowsAsync<StrakeException>(() => _box.ApplyAsync(tar, options: options));
        Assert.Equal(ErrorKind.TooLarge, error.Kind);
        Assert.True(int.Parse(_box.Run("du -k layer | tail -1 | cut -f1")) < 20_000);
    }

    [Fact]
    public async Task A_full_file_system_is_named()
    {
        _box.Run("truncate -s 8M disk; mkfs.ext4 -q -N 64 disk; mkdir mnt; mount -o loop disk mnt");
        try
        {
            var big = _box.Tar("head -c 20000000 /dev/urandom > big; tar -cf a.tar big");
            var error = await Assert.ThrowsAsync<StrakeException>(() => _box.ApplyAsync(big, directory: "mnt/layer"));
            Assert.Equal(ErrorKind.Exhausted, error.Kind);
            Assert.Contains("ext4 file system of", error.Message, StringComparison.Ordinal);
            _box.Run("rm -rf mnt/layer");
            var many = _box.Tar("for i in $(seq 200); do : > $i; done; tar -cf ../many.tar .; mv ../many.tar a.tar");
            error = await Assert.ThrowsAsync<StrakeException>(() => _box.ApplyAsync(many, directory: "mnt/layer"));
            Assert.Contains("no inodes are left", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            _box.Run("umount mnt");
        }
    }

    [Fact]
    public async Task A_cancelled_apply_stops()
    {
        using var handle = Linux.Syscall.Open(_box.Layer, Linux.OpenFlags.Directory);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Layers.Archive.LayerApply.ApplyAsync(
            new MemoryStream(Make(File_("f"))), handle, new() { Whiteouts = WhiteoutForm.Overlay }, null, null, source.Token));
    }

    [Fact]
    public async Task Directories_without_entries_are_made_and_told()
    {
        var applied = await _box.RoundTripAsync(Make(File_("a/b/c/file"), Dir("a/b/"), File_("x/file")));
        Assert.Equal(["a", "a/b/c", "x"], applied.ImpliedDirectories.Select(Text));
        Assert.Equal("755 0:0\n", _box.Run("stat -c '%a %u:%g' layer/a/b/c"));
    }

    [Theory]
    [InlineData("./a/../b", "b")]
    [InlineData("/etc/file", "etc/file")]
    [InlineData("a//b/./c", "a/b/c")]
    [InlineData("....", "....")]
    [InlineData("a/.hidden", "a/.hidden")]
    [InlineData("a/..b", "a/..b")]
    public async Task Names_are_cleaned_as_Docker_does(string name, string path)
    {
        await _box.RoundTripAsync(Make(File_(name)));
        Assert.Equal("content", File.ReadAllText(Path.Combine(_box.Layer, path)));
    }

    [Fact]
    public async Task Of_a_name_twice_the_last_wins_and_the_bytes_still_come_back()
    {
        var big = new string('b', 500_000);
        var tar = Make(
            File_("f", "first"), File_("f", "second"),
            Dir("d/"), File_("d/inner", big), File_("d/deep/inner", "deeper"), File_("d", "a file now"),
            File_("e", "a file"), Dir("e/"), File_("e/f", "in it"),
            File_("l", "linked"), Hard("m", "l"), File_("l", "other"), File_("m", "other too"),
            Link("s", "f"), File_("s", "no link"), File_("t", "no link yet"), Link("t", "f"),
            Dir("d2/"), File_("d2/x", "x"), Dir("d2/", mode: 0x1C0));
        var applied = await _box.RoundTripAsync(tar);
        Assert.Equal("second", File.ReadAllText(_box.At("layer/f")));
        Assert.Equal("a file now", File.ReadAllText(_box.At("layer/d")));
        Assert.Equal("in it", File.ReadAllText(_box.At("layer/e/f")));
        Assert.Equal(("other", "other too"), (File.ReadAllText(_box.At("layer/l")), File.ReadAllText(_box.At("layer/m"))));
        Assert.Equal("no link", File.ReadAllText(_box.At("layer/s")));
        Assert.Equal("f", new FileInfo(_box.At("layer/t")).LinkTarget);
        Assert.Equal("700\nx\n", _box.Run("stat -c %a layer/d2; ls layer/d2"));
        Assert.Equal(int.Parse(_box.Run("find layer -mindepth 1 | wc -l")), applied.Usage.Inodes);
        Assert.Equal(int.Parse(_box.Run("find layer -type f -printf '%s\\n' | paste -sd+ | bc")), applied.Usage.SizeBytes);
    }

    [Fact]
    public async Task A_hard_link_may_come_before_its_file()
    {
        var applied = await _box.RoundTripAsync(Make(Hard("b", "a"), File_("a")));
        Assert.Empty(applied.DeferredLinks);
        Assert.Equal("2\n", _box.Run("stat -c %h layer/b"));
    }

    [Fact]
    public async Task A_hard_link_to_a_lower_layer_is_deferred_or_refused()
    {
        var applied = await _box.RoundTripAsync(Make(Hard("b", "usr/lower"), Hard("c", "b"), File_("z"), Hard("z", "gone"), File_("z", "again")));
        Assert.Equal(["b>usr/lower", "c>b"], applied.DeferredLinks.Select(l => $"{Text(l.Path)}>{Text(l.Target)}"));
        var error = await Assert.ThrowsAsync<StrakeException>(() => _box.ApplyAsync(Make(Hard("b", "usr/lower")), WhiteoutForm.Absent, "vfs"));
        Assert.Contains("b: a hard link to usr/lower, which does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hard_link_takes_the_place_of_the_whiteout_of_its_name()
    {
        _box.Run("mkdir -p lower/usr; echo lower > lower/usr/lower; echo old > lower/c");
        var applied = await _box.RoundTripAsync(Make(Hard("b", "usr/lower"), Hard("c", "b"), File_(".wh.c", "")));
        Assert.Equal("character special file\n", _box.Run("stat -c %F layer/c"));
        for (var time = 0; time < 2; time++)
        {
            LayerRebase.Complete(new(_box.Layer, WhiteoutForm.Overlay), applied, [new(_box.At("lower"), WhiteoutForm.Overlay)]);
            Assert.Equal("lower\n2\n", _box.Run("cat layer/c; stat -c %h layer/b"));
        }
    }

    [Fact]
    public async Task Hard_links_that_are_there_already_stay()
    {
        await _box.RoundTripAsync(Make(File_("a"), Hard("b", "a"), Hard("b", "a"), Hard("a", "b"), Hard("a", "a")));
        Assert.Equal("content2\n", File.ReadAllText(_box.At("layer/a")) + _box.Run("stat -c %h layer/b"));
    }

    [Fact]
    public async Task Overlays_own_attributes_are_left_out()
    {
        var tar = Strake(new Images.Tar.TarEntry
        {
            Name = Bytes("d/"), Type = Images.Tar.TarEntryType.Directory, Mode = (UnixFileMode)0x1ED,
            Xattrs = [new(Bytes("trusted.overlay.opaque"), Bytes("y")), new(Bytes("trusted.overlay.redirect"), Bytes("/etc")), new(Bytes("user.overlay.opaque"), Bytes("y")), new(Bytes("user.ok"), Bytes("1"))],
        });
        var applied = await _box.RoundTripAsync(tar);
        Assert.Equal(3, applied.Notes.Count);
        Assert.Equal("# file: layer/d\nuser.ok=\"1\"\n\n", _box.Run("getfattr -d -m - layer/d"));
    }

    /// <summary>A tar by our own writer, for what .NET's cannot say.</summary>
    static byte[] Strake(params Images.Tar.TarEntry[] entries)
    {
        var target = new MemoryStream();
        var writer = new Images.Tar.TarWriter(target);
        foreach (var entry in entries) writer.WriteEntryAsync(entry, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        writer.CompleteAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return target.ToArray();
    }
}
