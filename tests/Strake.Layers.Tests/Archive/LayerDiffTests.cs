using Strake.Images.Tar;
using Strake.Layers.Archive;
using Strake.Linux;
using Strake.State;
using static Strake.Layers.Tests.Archive.Sandbox;

namespace Strake.Layers.Tests.Archive;

/// <summary>
/// What a layer changes. Each case is made by a script in a mounted overlay, and once more in a copy of the lower tree: both must tell the
/// same, and their tars, applied, must give the tree that the script left.
/// </summary>
public sealed class LayerDiffTests : IDisposable
{
    const string Lower = """
        mkdir -p lower1/d/sub lower1/e lower1/keep lower2/d lower2/new2; cd lower1
        echo 1 > d/a; echo 2 > d/sub/b; echo 3 > e/c; echo 4 > f; ln -s f l; echo 5 > keep/k; echo h > h1; ln h1 h2; mkfifo p; mknod dev c 1 3; cp /bin/true cap; setcap cap_net_raw+ep cap; chmod 750 e
        find . -exec touch -h -d @1000000000 {} +; cd ../lower2
        echo 11 > d/a; echo 6 > new2/x; mknod e c 0 0; find . -exec touch -h -d @1100000000 {} +; cd ..
        mkdir upper work merged; mount -t overlay overlay -o lowerdir=lower2:lower1,upperdir=upper,workdir=work,redirect_dir=off,metacopy=off merged
        cp -a merged whole
        """;

    readonly Sandbox _box = new();

    public void Dispose()
    {
        _box.Run("if mountpoint -q merged; then umount merged; fi");
        _box.Dispose();
    }

    public static TheoryData<string, string, string> Cases => new()
    {
        { "nothing", "true", "" },
        { "a new file", "echo x > n", "A /n" },
        { "a new file in a directory", "echo x > d/n", "C /d|A /d/n" },
        { "a new tree", "mkdir -p n/m; echo x > n/m/o", "A /n|A /n/m|A /n/m/o" },
        { "content", "echo longer > f", "C /f" },
        { "content of a file of the upper parent", "echo longer > d/a", "C /d|C /d/a" },
        { "content of the same length", "echo 7 > f", "C /f" },
        { "mode", "chmod 600 f", "C /f" },
        { "owner", "chown 5:6 f", "C /f" },
        { "time", "touch -d @5 f", "C /f" },
        { "a directory's mode", "chmod 700 d", "C /d" },
        { "a directory's time alone", "touch d", "" },
        { "attributes", "setfattr -n user.x -v y f", "C /f" },
        { "attributes of a directory", "setfattr -n user.x -v y d/sub", "C /d|C /d/sub" },
        { "touched and left as it was", "touch -d @1000000000 f", "" },
        { "a link's text", "ln -sfn e l", "C /l" },
        { "a removed file", "rm f", "D /f" },
        { "a removed file in a directory", "rm d/sub/b", "C /d|C /d/sub|D /d/sub/b" },
        { "a removed file of two layers", "rm d/a", "C /d|D /d/a" },
        { "a removed tree", "rm -r d", "D /d" },
        { "a removed and made file", "rm f; echo x > f", "C /f" },
        { "a removed and made directory", "rm -r d; mkdir d; touch d/n", "C /d|D /d/a|A /d/n|D /d/sub" },
        { "a removed and made directory with the same file", "cp -a d/a a; rm -r d; mkdir d; mv a d/a", "C /d|D /d/sub" },
        { "a file for a directory", "rm -r d; echo x > d", "C /d" },
        { "a directory for a file", "rm f; mkdir f; echo x > f/g", "C /f|A /f/g" },
        { "a directory under a name hidden before", "mkdir e; echo x > e/n", "A /e|A /e/n" },
        { "made and removed again", "echo x > n; rm n; mkdir m; rmdir m", "" },
        { "a hard link to a lower file", "ln f g", "A /g" },
        { "a new hard link", "echo x > n; ln n o", "A /n|A /o" },
        { "a rename", "mv f g", "D /f|A /g" },
        { "a device, a fifo and a link", "mknod c c 5 6; mkfifo q; ln -s nowhere s", "A /c|A /q|A /s" },
        { "a socket", "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"sock\")'", "A /sock" },
        { "names that sort oddly", "mkdir -p a a-b; echo x > a/z; echo x > a-b/z; echo x > 'a b'", "A /a|A /a b|A /a-b|A /a-b/z|A /a/z" },
        { "a capability", "cp f n; setcap cap_chown+ep n; setcap -r cap", "C /cap|A /n" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Both_forms_tell_the_same_and_their_tars_give_the_same_tree(string what, string change, string expected)
    {
        _box.Run(Lower);
        _box.Run($"cd merged; {change}");
        _box.Run("cp -a merged changed");
        var overlay = (Layer: Of("upper"), Parents: new[] { Of("lower2"), Of("lower1") });
        var absent = (Layer: Of("changed", WhiteoutForm.Absent), Parents: new[] { Of("whole", WhiteoutForm.Absent) });
        Assert.Equal(expected, Tell(overlay.Layer, overlay.Parents));
        Assert.Equal(expected, Tell(absent.Layer, absent.Parents));
        if (what == "a socket") _box.Run("rm merged/sock changed/sock");
        await AssertAppliesAsync(overlay.Layer, overlay.Parents);
        await AssertAppliesAsync(absent.Layer, absent.Parents);
    }

    [Fact]
    public async Task The_tar_is_the_same_every_time_and_the_record_gives_it_back()
    {
        _box.Run(Lower);
        _box.Run("cd merged; rm -r d; mkdir d; echo x > d/n; ln d/n d/o; chmod 700 keep; rm f; head -c 700000 /dev/urandom > big; chmod 711 .");
        var (first, record, written) = await WriteAsync(Of("upper"), [Of("lower2"), Of("lower1")]);
        var (second, _, _) = await WriteAsync(Of("upper"), [Of("lower2"), Of("lower1")]);
        Assert.True(first.AsSpan().SequenceEqual(second));
        Assert.Equal(Images.Digest.Of(first), written.DiffId.Digest);
        Assert.Equal(first.Length, written.TarSizeBytes);
        Assert.Equal(700_002, written.Usage.SizeBytes);
        Assert.True((await _box.RestoreAsync(record, "upper")).AsSpan().SequenceEqual(first));
        using var reader = new TarReader(new MemoryStream(first));
        var names = new List<string>();
        while (await reader.ReadEntryAsync(TestContext.Current.CancellationToken) is { } entry) names.Add($"{(char)entry.TypeFlag} {entry.DisplayName}");
        Assert.Equal(["5 ./", "0 big", "5 d/", "0 d/.wh..wh..opq", "0 d/n", "1 d/o", "0 .wh.f", "5 keep/"], names);
    }

    [Fact]
    public async Task A_directory_that_was_renamed_by_redirect_is_refused()
    {
        _box.Run("mkdir -p upper/d; setfattr -n trusted.overlay.redirect -v /e upper/d");
        var error = await Assert.ThrowsAsync<StrakeException>(() => WriteAsync(Of("upper"), []));
        Assert.Equal(ErrorKind.NotSupported, error.Kind);
    }

    [Theory]
    [InlineData("echo x > .wh.n")]
    [InlineData("mkdir d/.wh.n; echo x > d/.wh.n/f")]
    [InlineData("rm .wh.old")]
    public async Task A_name_that_would_be_read_as_a_removal_is_refused(string change)
    {
        _box.Run($"mkdir -p whole/d; echo x > whole/.wh.old; cp -a whole changed; cd changed; {change}");
        var target = new MemoryStream();
        var error = await Assert.ThrowsAsync<StrakeException>(() => LayerDiff.WriteTarAsync(
            Of("changed", WhiteoutForm.Absent), [Of("whole", WhiteoutForm.Absent)], target, splitRecord: null, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorKind.NotSupported, error.Kind);
        Assert.Contains(".wh.", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, target.Length);
    }

    [Fact]
    public async Task Such_a_name_that_did_not_change_is_no_matter()
    {
        _box.Run("mkdir -p whole/d; echo x > whole/d/.wh.old; cp -a whole changed; echo x > changed/d/n");
        var (tar, _, _) = await WriteAsync(Of("changed", WhiteoutForm.Absent), [Of("whole", WhiteoutForm.Absent)]);
        Assert.Equal(["d/", "d/n"], (await NamesAsync(tar)).Where(static name => name != "./"));
    }

    [Fact]
    public async Task A_tree_is_written_as_it_stands()
    {
        _box.Run("mkdir -p t/a/b t/a-b t/mnt; echo x > t/a/f; ln t/a/f t/g; ln -s /etc/passwd t/l; echo y > t/a-b/h; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"t/sock\")'; mount -t tmpfs none t/mnt; echo m > t/mnt/file");
        try
        {
            var whole = new MemoryStream();
            using (var directory = Syscall.Open(_box.At("t"), OpenFlags.Directory))
                await TreeTar.WriteTreeAsync(directory, includesRoot: false, whole, TestContext.Current.CancellationToken);
            Assert.Equal(["a/", "a/b/", "a/f", "a-b/", "a-b/h", "g", "l", "mnt/", "mnt/file"], await NamesAsync(whole.ToArray()));
            var rooted = new MemoryStream();
            using (var directory = Syscall.Open(_box.At("t"), OpenFlags.Directory))
                await TreeTar.WriteTreeAsync(directory, includesRoot: true, rooted, TestContext.Current.CancellationToken);
            Assert.Equal(["./", .. await NamesAsync(whole.ToArray())], await NamesAsync(rooted.ToArray()));
            var part = new MemoryStream();
            using (var directory = Syscall.Open(_box.At("t"), OpenFlags.Directory))
                await TreeTar.WriteAsync(directory, Bytes("a"), Bytes("renamed"), part, TestContext.Current.CancellationToken);
            Assert.Equal(["renamed/", "renamed/b/", "renamed/f"], await NamesAsync(part.ToArray()));
            var file = new MemoryStream();
            using (var directory = Syscall.Open(_box.At("t"), OpenFlags.Directory))
            {
                await TreeTar.WriteAsync(directory, Bytes("l"), Bytes("l"), file, TestContext.Current.CancellationToken);
                var error = await Assert.ThrowsAsync<StrakeException>(() => TreeTar.WriteAsync(directory, Bytes("none"), Bytes("none"), file, TestContext.Current.CancellationToken));
                Assert.Equal(ErrorKind.NotFound, error.Kind);
            }
            Assert.Equal(["l"], await NamesAsync(file.ToArray()));
        }
        finally
        {
            _box.Run("umount t/mnt");
        }
    }

    static async Task<List<string>> NamesAsync(byte[] tar)
    {
        using var reader = new TarReader(new MemoryStream(tar));
        var names = new List<string>();
        while (await reader.ReadEntryAsync(TestContext.Current.CancellationToken) is { } entry) names.Add(entry.DisplayName);
        return names;
    }

    LayerContent Of(string name, WhiteoutForm form = WhiteoutForm.Overlay) => new(_box.At(name), form);

    static string Tell(LayerContent layer, IReadOnlyList<LayerContent> parents) => string.Join('|',
        LayerDiff.Changes(layer, parents, TestContext.Current.CancellationToken).Select(c => $"{"CAD"[(int)c.Kind]} {Text(c.Path)}"));

    static async Task<(byte[] Tar, byte[] Record, WrittenLayer Written)> WriteAsync(LayerContent layer, IReadOnlyList<LayerContent> parents)
    {
        var (tar, record) = (new MemoryStream(), new MemoryStream());
        var written = await LayerDiff.WriteTarAsync(layer, parents, tar, record, TestContext.Current.CancellationToken);
        return (tar.ToArray(), record.ToArray(), written);
    }

    // Applied to the lower tree, in both forms, the tar gives what the script left.
    async Task AssertAppliesAsync(LayerContent layer, IReadOnlyList<LayerContent> parents)
    {
        var (tar, record, _) = await WriteAsync(layer, parents);
        Assert.True((await _box.RestoreAsync(record, Path.GetFileName(layer.Directory))).AsSpan().SequenceEqual(tar));
        var expected = Tree("merged");

        _box.Run("rm -rf vfs; cp -a whole vfs");
        await _box.RoundTripAsync(tar, WhiteoutForm.Absent, "vfs");
        Assert.Equal(expected, Tree("vfs"));

        _box.Run("rm -rf applied shown; mkdir shown");
        await _box.RoundTripAsync(tar, WhiteoutForm.Overlay, "applied");
        _box.Run("mount -t overlay overlay -o lowerdir=applied:lower2:lower1 shown");
        try
        {
            Assert.Equal(expected, Tree("shown"));
        }
        finally
        {
            _box.Run("umount shown");
        }
    }

    // Without the times of directories and the numbers of names: neither is kept by a change of what is in them, nor by a copy-up.
    string Tree(string name) => _box.Run($$"""
        cd {{name}}
        find . \( -type d -printf '%p %y %m %U:%G\n' \) -o \( -type l -printf '%p %y %U:%G %T@ %l\n' \) -o -printf '%p %y %m %U:%G %s %T@\n' | sort
        find . -type f -print0 | sort -z | xargs -0r md5sum
        find . \( -type b -o -type c \) -print0 | sort -z | xargs -0r stat -c '%n %t:%T'
        find . -print0 | sort -z | xargs -0r getfattr -h -d -m '^(user|security)' --absolute-names 2>/dev/null || true
        """);
}
