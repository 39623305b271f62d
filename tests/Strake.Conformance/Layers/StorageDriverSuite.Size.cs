using Strake.Layers;
using Strake.Linux;
using Xunit;

namespace Strake.Conformance.Layers;

public abstract partial class StorageDriverSuite
{
    const int Mebi = 1 << 20;

    [Fact]
    public void A_layer_with_a_limit_takes_no_more_and_its_parent_does_not_count()
    {
        Assert.SkipUnless(Driver.Traits.SizeLimit && EnforcesLimits, "no size limits here");
        var below = Layer(null, root => File.WriteAllBytes($"{root}/below", RandomBytes(24 * Mebi)));
        var layer = Writable(below);
        Driver.LimitSize(layer.Top, 16 * Mebi);
        using var mount = Mount(layer, LayerAccess.ReadWrite);
        WriteThrough($"{mount.Root}/fits", 8 * Mebi);
        var error = Assert.ThrowsAny<IOException>(() => WriteThrough($"{mount.Root}/does-not", 32 * Mebi));
        Assert.Contains(error.HResult, new[] { (int)Linux.Errno.ENOSPC, (int)Linux.Errno.EDQUOT });
        Assert.Equal(24 * Mebi, new FileInfo($"{mount.Root}/below").Length);
    }

    [Fact]
    public void A_limit_is_its_layers_alone()
    {
        Assert.SkipUnless(Driver.Traits.SizeLimit && EnforcesLimits, "no size limits here");
        var below = Layer(null, root => File.WriteAllText($"{root}/below", "1"));
        var (limited, free) = (Writable(below), Writable(below));
        Driver.LimitSize(limited.Top, 16 * Mebi);
        using (var mount = Mount(free, LayerAccess.ReadWrite)) WriteThrough($"{mount.Root}/file", 32 * Mebi);
        Driver.Remove(limited.Top);
        Driver.Remove(free.Top);
        Assert.Equal([below.Top], Driver.List());
    }

    [Fact]
    public void Usage_is_that_of_a_walk()
    {
        var layer = Layer(null, root =>
        {
            for (var i = 0; i < 50; i++)
            {
                Directory.CreateDirectory($"{root}/d{i % 7}");
                File.WriteAllBytes($"{root}/d{i % 7}/{i}", new byte[i * 100]);
            }
        });
        Assert.Equal(new LayerUsage(Enumerable.Range(0, 50).Sum(i => i * 100L), 57), Driver.Measure(layer.Top));
    }

    [Fact]
    public void A_thousand_small_files_come_change_and_go()
    {
        var first = Layer(null, root =>
        {
            for (var i = 0; i < 1000; i++) File.WriteAllText($"{root}/{i}", $"{i}");
        });
        var second = Layer(first, root =>
        {
            for (var i = 0; i < 1000; i += 2) File.Delete($"{root}/{i}");
            for (var i = 1; i < 1000; i += 4) File.WriteAllText($"{root}/{i}", "changed");
        });
        View(second, root =>
        {
            Assert.Equal(500, Directory.GetFiles(root).Length);
            Assert.Equal("changed", File.ReadAllText($"{root}/1"));
            Assert.Equal("3", File.ReadAllText($"{root}/3"));
        });
        View(first, root => Assert.Equal(1000, Directory.GetFiles(root).Length));
    }

    [Fact]
    public void Layers_without_children_are_removed_in_any_order()
    {
        var below = Layer(null, root => File.WriteAllText($"{root}/below", "1"));
        var middle = Layer(below, root => File.WriteAllText($"{root}/middle", "1"));
        var tops = Enumerable.Range(0, 6).Select(i => Layer(i % 2 == 0 ? below : middle, root => File.WriteAllText($"{root}/{i}", "1"))).ToList();
        foreach (var i in new[] { 3, 0, 5, 4 })
        {
            Driver.Remove(tops[i].Top);
            View(tops[1], root => Assert.Equal("1 below middle", Names(root)));
        }

        Driver.Remove(tops[1].Top);
        Driver.Remove(middle.Top);
        View(tops[2], root => Assert.Equal("2 below", Names(root)));
        Driver.Remove(tops[2].Top);
        Driver.Remove(below.Top);
        Assert.Empty(Driver.List());
    }

    [Fact]
    public void A_file_larger_than_a_page_of_the_cache_is_copied_up_whole()
    {
        var content = RandomBytes(3 * Mebi + 17);
        var first = Layer(null, root => File.WriteAllBytes($"{root}/file", content));
        var second = Layer(first, root =>
        {
            using var file = File.OpenWrite($"{root}/file");
            file.Seek(Mebi + 5, SeekOrigin.Begin);
            file.WriteByte(1);
        });
        var expected = content.ToArray();
        expected[Mebi + 5] = 1;
        View(second, root => Assert.Equal(expected, File.ReadAllBytes($"{root}/file")));
        View(first, root => Assert.Equal(content, File.ReadAllBytes($"{root}/file")));
    }

    [Fact]
    public void What_a_sparse_file_holds_and_how_long_it_is_is_kept()
    {
        var first = Layer(null, root =>
        {
            using var file = File.Create($"{root}/file");
            file.SetLength(64 * Mebi);
            file.Seek(10 * Mebi, SeekOrigin.Begin);
            file.WriteByte(7);
        });
        var second = Layer(first, root => File.SetUnixFileMode($"{root}/file", Linux.Permissions.Octal0600));
        View(second, root =>
        {
            using var file = File.OpenRead($"{root}/file");
            Assert.Equal(64 * Mebi, file.Length);
            file.Seek(10 * Mebi, SeekOrigin.Begin);
            Assert.Equal(7, file.ReadByte());
            Assert.Equal(0, file.ReadByte());
        });
    }

    /// <summary>Whether a limit binds those who run the tests: ext4's do not bind root.</summary>
    protected virtual bool EnforcesLimits => true;

    static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    // To the disk: until then a file system may promise more than it has.
    static void WriteThrough(string path, int count)
    {
        using var file = File.Create(path);
        var block = RandomBytes(Mebi);
        for (var written = 0; written < count; written += block.Length)
        {
            file.Write(block);
            file.Flush();
            Syscall.FSync(file.SafeFileHandle);
        }
    }
}
