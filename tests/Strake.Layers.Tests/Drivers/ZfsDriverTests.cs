using Strake.Conformance.FileSystems;
using Strake.Linux;

namespace Strake.Layers.Tests.Drivers;

/// <summary>What is zfs's alone.</summary>
[Trait("Kernel", "stock")]
public sealed class ZfsDriverTests(Zfs fileSystem) : IClassFixture<Zfs>
{
    [Fact]
    public void Layers_lie_below_the_dataset_that_was_named()
    {
        var folder = fileSystem.NewFolder();
        StorageProgram.Run("zfs", "create", "-o", "mountpoint=none", $"{fileSystem.Pool}/named");
        using var driver = new ZfsDriver(folder, $"{fileSystem.Pool}/named");
        driver.Probe();
        var layer = LayerId.New();
        driver.Create(layer, []);
        File.WriteAllText($"{driver.Content(layer).Directory}/file", "1");
        Assert.Equal($"{fileSystem.Pool}/named/{layer}", Assert.Single(MountTable.Below(folder)).Source);
        Assert.Contains(new("Parent Dataset", $"{fileSystem.Pool}/named"), driver.Status);
        Assert.Contains(new("Zpool Health", "ONLINE"), driver.Status);
        driver.Remove(layer);
        Assert.Equal($"{fileSystem.Pool}/named", StorageProgram.Run("zfs", "list", "-H", "-r", "-t", "all", "-o", "name", $"{fileSystem.Pool}/named"));
    }

    [Fact]
    public void On_another_file_system_a_dataset_must_be_named()
    {
        fileSystem.NewFolder();
        var folder = Directory.CreateTempSubdirectory("strake-test-");
        try
        {
            using var driver = new ZfsDriver(folder.FullName);
            var error = Assert.Throws<StrakeException>(driver.Probe);
            Assert.Equal(ErrorKind.Unavailable, error.Kind);
            Assert.Contains("zfs.fsname", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_dataset_that_is_not_there_is_refused()
    {
        using var driver = new ZfsDriver(fileSystem.NewFolder(), "nowhere/at/all");
        var error = Assert.Throws<StrakeException>(driver.Probe);
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("nowhere/at/all", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_that_is_in_use_elsewhere_stays_and_says_so()
    {
        var folder = fileSystem.NewFolder();
        using var driver = new ZfsDriver(folder);
        driver.Probe();
        var layer = LayerId.New();
        driver.Create(layer, []);
        var target = Directory.CreateDirectory($"{folder}/target").FullName;
        using (new Conformance.Layers.LayerMountPoint(target, driver.Mounts(layer, [], LayerAccess.ReadWrite, target)))
        using (File.Create($"{target}/file"))
        {
            Assert.Equal(ErrorKind.InUse, Assert.Throws<StrakeException>(() => driver.Remove(layer)).Kind);
            Assert.Equal([layer], driver.List());
        }

        driver.Remove(layer);
        Assert.Empty(driver.List());
    }
}
