using Strake.Linux;

namespace Strake.Layers.Tests.Drivers;

/// <summary>Aufs, of which no kernel at hand has more than the name: what does not need the mount.</summary>
public sealed class AufsDriverTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("strake-test-").FullName;

    public void Dispose() => TreeRemoval.Remove(_folder);

    [Fact]
    public void A_kernel_without_aufs_is_told_of_and_nothing_is_made()
    {
        Assert.SkipWhen(File.ReadAllText("/proc/filesystems").Contains("\taufs\n", StringComparison.Ordinal), "this kernel has aufs");
        var error = Assert.Throws<StrakeException>(() => new AufsDriver(_folder).Probe());
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("overlay2", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Branches_stand_top_first_and_only_the_top_one_is_written()
    {
        var driver = OpenOnKernelWithAufs();
        var (low, middle, top) = (LayerId.New(), LayerId.New(), LayerId.New());
        var home = $"{_folder}/aufs";
        Assert.Equal(
            $"br:{home}/{top}/diff=rw:{home}/{middle}/diff=ro+wh:{home}/{low}/diff=ro+wh,dio,xino=/dev/shm/aufs.xino,dirperm1",
            Assert.Single(driver.Mounts(top, [middle, low], LayerAccess.ReadWrite, "/mnt")).Data);
        Assert.StartsWith(
            $"br:{home}/{low}/diff=ro+wh:{home}/empty=ro,",
            Assert.Single(driver.Mounts(low, [], LayerAccess.ReadOnly, "/mnt")).Data, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_are_made_listed_and_removed()
    {
        var driver = OpenOnKernelWithAufs();
        var layer = LayerId.New();
        driver.Create(layer, []);
        driver.Create(layer, []);
        File.WriteAllText($"{driver.Content(layer).Directory}/.wh.gone", "");
        Assert.Equal(WhiteoutForm.DotWh, driver.Content(layer).Whiteouts);
        Assert.Equal([layer], driver.List());
        driver.Remove(layer);
        driver.Remove(layer);
        Assert.Empty(driver.List());
    }

    AufsDriver OpenOnKernelWithAufs()
    {
        var fileSystems = Path.Combine(_folder, "filesystems");
        File.WriteAllText(fileSystems, "nodev\taufs\n");
        var driver = new AufsDriver(_folder, fileSystems);
        driver.Probe();
        return driver;
    }
}
