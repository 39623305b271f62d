using System.Diagnostics;
using System.Security.Cryptography;
using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;
using Strake.Linux;

namespace Strake.Layers.Tests.Drivers;

/// <summary>What is devicemapper's alone.</summary>
[Trait("Kernel", "stock")]
public sealed class DeviceMapperDriverTests(Ext4WithThinPool fileSystem) : IClassFixture<Ext4WithThinPool>
{
    const int Mebi = 1 << 20;

    static readonly DeviceMapperOptions Loop = new() { LoopDataBytes = 256 * Mebi, LoopMetadataBytes = 8 * Mebi, BaseSizeBytes = 1024L * Mebi };

    DeviceMapperOptions Given => new() { ThinPool = fileSystem.Pool, BaseSizeBytes = 256 * Mebi };

    [Fact]
    public void A_pool_of_its_own_is_kept_while_a_container_needs_it_and_found_again()
    {
        var folder = fileSystem.NewFolder();
        var (layer, target) = (LayerId.New(), Directory.CreateDirectory($"{folder}/target").FullName);
        string pool;
        LayerMountPoint mount;
        using (var driver = Open(folder, Loop))
        {
            pool = PoolOf(driver);
            driver.Create(layer, []);
            mount = Mount(driver, layer, target);
            File.WriteAllText($"{target}/file", "1");
        }

        Assert.NotNull(DeviceMapper.Find(pool));
        Assert.Equal("1", File.ReadAllText($"{target}/file"));
        using (var driver = Open(folder, Loop))
        {
            Assert.Equal("1", File.ReadAllText($"{driver.Content(layer).Directory}/file"));
            mount.Dispose();
        }

        Assert.Null(DeviceMapper.Find(pool));
        Assert.Null(LoopDevice.FindFor($"{folder}/devicemapper/pool/data"));
        using (var driver = Open(folder, Loop)) Assert.Equal("1", File.ReadAllText($"{driver.Content(layer).Directory}/file"));
    }

    [Fact]
    public void A_full_pool_lets_writes_fail_and_takes_them_again_when_there_is_room()
    {
        var folder = fileSystem.NewFolder();
        using var driver = Open(folder, Loop with { MinFreePercent = 0 });
        var (full, other, after) = (LayerId.New(), LayerId.New(), LayerId.New());
        foreach (var id in new[] { full, other }) driver.Create(id, []);
        var target = Directory.CreateDirectory($"{folder}/target").FullName;
        var time = Stopwatch.StartNew();
        using (Mount(driver, full, target))
            Assert.ThrowsAny<IOException>(() => Fill($"{target}/file", 400));

        // The kernel's own patience with a pool that lets writes wait is a minute.
        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(50));
        driver.Remove(full);
        driver.Create(after, []);
        using (Mount(driver, after, target)) Fill($"{target}/file", 20);
        driver.Seal([after]);
        Assert.Equal(20 * Mebi, new FileInfo($"{driver.Content(after).Directory}/file").Length);
        driver.Remove(other);
    }

    [Fact]
    public void A_pool_with_less_room_than_asked_for_makes_no_layer()
    {
        var folder = fileSystem.NewFolder();
        using var driver = Open(folder, Loop with { MinFreePercent = 60 });
        var (layer, other) = (LayerId.New(), LayerId.New());
        driver.Create(layer, []);
        Fill($"{driver.Content(layer).Directory}/file", 150);
        var error = Assert.Throws<StrakeException>(() => driver.Create(other, [layer]));
        Assert.Equal(ErrorKind.Exhausted, error.Kind);
        Assert.Contains("dm.min_free_space", error.Message, StringComparison.Ordinal);
        driver.Remove(other);
        driver.Remove(layer);
    }

    [Fact]
    public void What_a_removed_layer_had_is_given_back_to_the_disk()
    {
        var folder = fileSystem.NewFolder();
        using var driver = Open(folder, Loop);
        var layer = LayerId.New();
        driver.Create(layer, []);
        Fill($"{driver.Content(layer).Directory}/file", 100);
        driver.Seal([layer]);
        Assert.True(Taken(folder) > 100 * Mebi);
        driver.Remove(layer);
        Assert.True(Taken(folder) < 40 * Mebi, $"{Taken(folder)} bytes are taken");
    }

    [Fact]
    public void A_limit_above_the_size_of_the_base_makes_the_layer_larger()
    {
        foreach (var type in new[] { "ext4", "xfs" })
        {
            var folder = fileSystem.NewFolder();
            using var driver = Open(folder, Given with { FileSystem = type, BaseSizeBytes = 512 * Mebi });
            var (layer, above) = (LayerId.New(), LayerId.New());
            driver.Create(layer, []);
            driver.LimitSize(layer, 1024L * Mebi);
            driver.LimitSize(layer, 1024L * Mebi);
            Fill($"{driver.Content(layer).Directory}/file", 900);
            driver.Seal([layer]);
            driver.Create(above, [layer]);
            Assert.Equal(900L * Mebi, new FileInfo($"{driver.Content(above).Directory}/file").Length);
            driver.Remove(above);
            driver.Remove(layer);
        }
    }

    [Fact]
    public void A_device_goes_with_its_last_mount_or_where_that_is_not_wanted_with_the_layer()
    {
        foreach (var deferred in new[] { true, false })
        {
            var folder = fileSystem.NewFolder();
            using var driver = Open(folder, Given with { RemovesDeferred = deferred });
            var (layer, target) = (LayerId.New(), Directory.CreateDirectory($"{folder}/target").FullName);
            driver.Create(layer, []);
            var first = Mount(driver, layer, target);
            driver.Content(layer);
            first.Dispose();
            Assert.True(IsActive(layer));
            driver.Seal([layer]);
            Assert.NotEqual(deferred, IsActive(layer));
            driver.Remove(layer);
            Assert.False(IsActive(layer));
        }
    }

    [Fact]
    public void A_layer_that_is_mounted_elsewhere_stays_and_says_so()
    {
        var folder = fileSystem.NewFolder();
        using var driver = Open(folder, Given);
        var (layer, target) = (LayerId.New(), Directory.CreateDirectory($"{folder}/target").FullName);
        driver.Create(layer, []);
        using (Mount(driver, layer, target))
        {
            Assert.Equal(ErrorKind.InUse, Assert.Throws<StrakeException>(() => driver.Remove(layer)).Kind);
            Assert.Equal([layer], driver.List());
        }

        driver.Remove(layer);
        Assert.Empty(driver.List());
    }

    [Fact]
    public void What_a_crash_left_frozen_goes_on_after_a_probe()
    {
        var folder = fileSystem.NewFolder();
        using var driver = Open(folder, Given);
        var layer = LayerId.New();
        driver.Create(layer, []);
        var content = driver.Content(layer).Directory;
        Assert.True(DeviceMapper.TryFreeze(Assert.Single(Devices(), name => name.EndsWith(layer.ToString(), StringComparison.Ordinal)), out _));
        using var next = Open(folder, Given);
        File.WriteAllText($"{next.Content(layer).Directory}/file", "1");
        Assert.Equal("1", File.ReadAllText($"{content}/file"));
        next.Remove(layer);
    }

    [Fact]
    public void What_is_no_pool_is_refused()
    {
        var folder = fileSystem.NewFolder();
        var linear = fileSystem.Pool + "-linear";
        using var loop = Attach($"{folder}/image", 8);
        Assert.True(DeviceMapper.TryCreate(linear, new DeviceTarget(1024, "linear", $"{loop.Path} 0")));
        Assert.False(DeviceMapper.TryCreate(linear, new DeviceTarget(1024, "linear", $"{loop.Path} 0")));
        foreach (var (name, why) in new[] { (linear, "no thin pool"), ("strake-nowhere", "no device"), ($"/dev/mapper/{linear}", "linear") })
        {
            var error = Assert.Throws<StrakeException>(() => Open(folder, new() { ThinPool = name }));
            Assert.Equal(ErrorKind.Unavailable, error.Kind);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }

        Assert.True(DeviceMapper.TryRemove(linear));
    }

    [Fact]
    public void A_pool_that_lets_writes_hang_is_refused()
    {
        var folder = fileSystem.NewFolder();
        var pool = fileSystem.Pool + "-queue";
        using (var metadata = Attach($"{folder}/metadata", 4))
        using (var data = Attach($"{folder}/data", 64))
            Assert.True(DeviceMapper.TryCreate(pool, new DeviceTarget(64 * Mebi / 512, "thin-pool", $"{metadata.Path} {data.Path} 128 0")));
        var error = Assert.Throws<StrakeException>(() => Open(folder, new() { ThinPool = pool }));
        Assert.Contains("errorwhenfull", error.Message, StringComparison.Ordinal);
        Assert.True(DeviceMapper.TryRemove(pool));
    }

    [Fact]
    public void A_file_system_that_is_none_of_ours_is_refused()
    {
        var error = Assert.Throws<StrakeException>(() => Open(fileSystem.NewFolder(), Given with { FileSystem = "ext2" }));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains("ext4 and xfs", error.Message, StringComparison.Ordinal);
    }

    static DeviceMapperDriver Open(string folder, DeviceMapperOptions options)
    {
        var driver = new DeviceMapperDriver(folder, options);
        driver.Probe();
        return driver;
    }

    static LayerMountPoint Mount(DeviceMapperDriver driver, LayerId layer, string target)
    {
        using var active = driver.Activate(layer);
        return new(target, driver.Mounts(layer, [], LayerAccess.ReadWrite, target));
    }

    static LoopDevice Attach(string path, int mebi)
    {
        using (var file = File.Create(path)) file.SetLength((long)mebi * Mebi);
        return LoopDevice.Attach(path, new LoopOptions { IsAutoclear = true });
    }

    static string PoolOf(DeviceMapperDriver driver) => driver.Status.Single(line => line.Key == "Pool Name").Value;

    static long Taken(string folder) => Syscall.StatAt(Syscall.WorkingDirectory, $"{folder}/devicemapper/pool/data").AllocatedBytes;

    static bool IsActive(LayerId layer) => Devices().Any(name => name.EndsWith(layer.ToString(), StringComparison.Ordinal));

    static IEnumerable<string> Devices() => StorageProgram.Run("dmsetup", "ls").Split('\n').Select(line => line.Split('\t')[0]);

    static void Fill(string path, int mebi)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[Mebi];
        RandomNumberGenerator.Fill(block);
        for (var i = 0; i < mebi; i++) file.Write(block);
        // Not Flush(flushToDisk: true), which keeps EROFS to itself: what ext4 says when it has given up.
        Syscall.FSync(file.SafeFileHandle);
    }
}
