using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;
using Strake.Linux;

namespace Strake.Layers.Tests.Drivers;

/// <summary>What is btrfs's alone.</summary>
public sealed class BtrfsDriverTests : IClassFixture<Btrfs>
{
    readonly string _folder;
    readonly BtrfsDriver _driver;

    public BtrfsDriverTests(Btrfs fileSystem)
    {
        _folder = fileSystem.NewFolder();
        _driver = new BtrfsDriver(_folder, minLimitBytes: 10 << 20);
        _driver.Probe();
    }

    [Fact]
    public void A_layer_goes_with_subvolumes_and_read_only_snapshots_that_were_made_in_it()
    {
        var layer = LayerId.New();
        _driver.Create(layer, []);
        var root = _driver.Content(layer).Directory;
        Directory.CreateDirectory($"{root}/deep/down");
        using (var down = Syscall.Open($"{root}/deep/down", OpenFlags.Directory))
        {
            for (var i = 0; i < 300; i++) BtrfsSubvolume.Create(down, System.Text.Encoding.ASCII.GetBytes($"{i}"));
            using var outer = Syscall.OpenAt(down, "0", OpenFlags.Directory);
            BtrfsSubvolume.Create(outer, "inner"u8);
            File.WriteAllText($"{root}/deep/down/0/inner/file", "1");
            BtrfsSubvolume.SetReadOnly(outer, isReadOnly: true);
        }

        _driver.Remove(layer);
        Assert.Empty(_driver.List());
        Assert.Empty(Directory.GetFileSystemEntries($"{_folder}/btrfs"));
    }

    [Fact]
    public void A_subvolume_made_in_a_layer_is_an_empty_directory_in_the_layer_above()
    {
        var (below, above) = (LayerId.New(), LayerId.New());
        _driver.Create(below, []);
        using (var root = Syscall.Open(_driver.Content(below).Directory, OpenFlags.Directory)) BtrfsSubvolume.Create(root, "inner"u8);
        File.WriteAllText($"{_driver.Content(below).Directory}/inner/file", "1");
        _driver.Seal([below]);
        _driver.Create(above, [below]);
        Assert.Empty(Directory.GetFileSystemEntries($"{_driver.Content(above).Directory}/inner"));
    }

    // Where a removed layer's group is removed by us too, the kernel gives up counting, and no limit holds any more.
    [Fact]
    public void Limits_hold_while_limited_layers_come_and_go()
    {
        var kept = LayerId.New();
        for (var i = 0; i < 20; i++)
        {
            var layer = LayerId.New();
            _driver.Create(layer, []);
            _driver.LimitSize(layer, 16 << 20);
            File.WriteAllBytes($"{_driver.Content(layer).Directory}/file", new byte[1 << 20]);
            _driver.Remove(layer);
        }

        _driver.Create(kept, []);
        _driver.LimitSize(kept, 16 << 20);
        Assert.ThrowsAny<IOException>(() =>
        {
            using var file = File.Create($"{_driver.Content(kept).Directory}/file");
            for (var i = 0; i < 40; i++)
            {
                file.Write(new byte[1 << 20]);
                Syscall.FSync(file.SafeFileHandle);
            }
        });
    }

    [Fact]
    public void A_limit_below_the_least_is_refused()
    {
        var layer = LayerId.New();
        _driver.Create(layer, []);
        var error = Assert.Throws<StrakeException>(() => _driver.LimitSize(layer, 1 << 20));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains("btrfs.min_space", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_crash_left_of_a_probe_is_cleared_by_the_next()
    {
        using (var home = Syscall.Open($"{_folder}/btrfs", OpenFlags.Directory)) BtrfsSubvolume.Create(home, "probe"u8);
        _driver.Probe();
        Assert.Empty(Directory.GetFileSystemEntries($"{_folder}/btrfs"));
    }

    [Fact]
    public void On_another_file_system_the_probe_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("strake-test-");
        try
        {
            using var tmpfs = new Mount("tmpfs", "tmpfs", folder.FullName).Attach();
            var error = Assert.Throws<StrakeException>(() => new BtrfsDriver(folder.FullName).Probe());
            Assert.Equal(ErrorKind.Unavailable, error.Kind);
            Assert.Contains("tmpfs", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
