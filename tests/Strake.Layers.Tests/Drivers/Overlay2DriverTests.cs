using Strake.Conformance.Layers;
using Strake.Linux;

namespace Strake.Layers.Tests.Drivers;

/// <summary>What is overlay2's alone.</summary>
public sealed class Overlay2DriverTests : IDisposable
{
    static readonly OverlayKernel s_old = OverlayKernel.Own with { TakesLayersOneByOne = () => false };

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strake-test-");

    public void Dispose() => TreeRemoval.Remove(_folder.FullName);

    // Few parents go through mount(2) with its escapes, many through fsconfig(2) without.
    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(128)]
    public void A_data_root_may_have_any_name(int depth)
    {
        var driver = OpenIn("a:b,c\\d e=f");
        var parents = new List<LayerId>();
        for (var i = 0; i < depth; i++)
        {
            var layer = LayerId.New();
            driver.Create(layer, parents);
            File.WriteAllText(Path.Combine(driver.Content(layer).Directory, $"{i}"), "");
            parents.Insert(0, layer);
        }

        var top = LayerId.New();
        driver.Create(top, parents);
        var target = _folder.CreateSubdirectory("target").FullName;
        using (new LayerMountPoint(target, driver.Mounts(top, parents, LayerAccess.ReadWrite, target)))
        {
            Assert.Equal(depth, Directory.GetFiles(target).Length);
            File.WriteAllText(Path.Combine(target, "new"), "");
        }

        Assert.True(File.Exists(Path.Combine(driver.Content(top).Directory, "new")));
    }

    [Fact]
    public void A_hundred_layers_fit_into_the_page_that_an_older_kernel_takes()
    {
        var driver = new Overlay2Driver(_folder.CreateSubdirectory("a-data-root-whose-name-is-rather-long-as-names-of-data-roots-go").FullName, null, s_old);
        driver.Probe();
        var parents = new List<LayerId>();
        for (var i = 0; i < 100; i++)
        {
            var layer = LayerId.New();
            driver.Create(layer, parents);
            File.WriteAllText(Path.Combine(driver.Content(layer).Directory, $"{i}"), "");
            parents.Insert(0, layer);
        }

        var (top, target, before) = (LayerId.New(), _folder.CreateSubdirectory("target").FullName, Environment.CurrentDirectory);
        driver.Create(top, parents);
        foreach (var access in new[] { LayerAccess.ReadWrite, LayerAccess.ReadOnly })
        {
            using var mount = new LayerMountPoint(target, driver.Mounts(top, parents, access, target));
            Assert.Equal(100, Directory.GetFiles(target).Length);
        }

        Assert.Equal(before, Environment.CurrentDirectory);
    }

    [Fact]
    public void More_layers_than_an_older_kernel_takes_are_refused_with_the_way_out_and_nothing_is_left()
    {
        var driver = new Overlay2Driver(_folder.CreateSubdirectory("data").FullName, null, s_old);
        driver.Probe();
        var parents = Enumerable.Range(0, 128).Select(_ => LayerId.New()).ToList();
        foreach (var refused in (Action[])[
            () => driver.Create(LayerId.New(), parents), () => driver.Mounts(LayerId.New(), parents, LayerAccess.ReadOnly, "/target")])
        {
            var error = Assert.Throws<StrakeException>(refused);
            Assert.Equal(ErrorKind.NotSupported, error.Kind);
            Assert.Contains("Linux 6.8", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(driver.List());
        driver.Create(LayerId.New(), parents[..20]);
    }

    [Fact]
    public void A_layer_that_a_crash_left_renamed_is_listed_and_removed()
    {
        var driver = OpenIn("data");
        var layer = LayerId.New();
        driver.Create(layer, []);
        var folder = Path.GetDirectoryName(driver.Content(layer).Directory)!;
        Directory.Move(folder, folder + "-removing");
        Assert.Equal([layer], driver.List());

        driver.Create(layer, []);
        Assert.Equal([layer], driver.List());
        driver.Remove(layer);
        Assert.Empty(driver.List());
        Assert.False(Directory.Exists(folder + "-removing"));
    }

    [Fact]
    public void What_a_crash_left_of_a_probe_is_cleared_by_the_next()
    {
        var driver = OpenIn("data");
        var probe = Path.Combine(_folder.FullName, "data", "overlay2", "probe");
        foreach (var name in new[] { "lower", "upper", "work", "merged" }) Directory.CreateDirectory(Path.Combine(probe, name));
        new Mount("overlay", "overlay", $"{probe}/merged", Data: $"lowerdir={probe}/lower,upperdir={probe}/upper,workdir={probe}/work").Attach().Release();
        driver.Probe();
        Assert.False(Directory.Exists(probe));
        Assert.Empty(MountTable.Below(probe));
    }

    [Fact]
    public void Rights_that_others_were_given_are_taken_back()
    {
        var driver = OpenIn("data");
        var home = Path.Combine(_folder.FullName, "data", "overlay2");
        File.SetUnixFileMode(home, Permissions.Octal0755);
        driver.Probe();
        Assert.Equal(Permissions.Octal0700, File.GetUnixFileMode(home));
    }

    [Fact]
    public void Where_overlay_cannot_work_the_probe_says_why_and_the_way_out()
    {
        // An overlay whose upper directory is on an overlay: refused by the kernel.
        var below = _folder.CreateSubdirectory("below");
        foreach (var name in new[] { "lower", "upper", "work", "merged" }) below.CreateSubdirectory(name);
        var root = below.FullName;
        using var mount = new Mount("overlay", "overlay", $"{root}/merged", Data: $"lowerdir={root}/lower,upperdir={root}/upper,workdir={root}/work").Attach();
        var error = Assert.Throws<StrakeException>(() => new Overlay2Driver($"{root}/merged").Probe());
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("vfs", error.Message, StringComparison.Ordinal);
        Assert.Contains("overlayfs", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries($"{root}/merged/overlay2").Select(Path.GetFileName).Except(["empty"]));
    }

    Overlay2Driver OpenIn(string name)
    {
        var driver = new Overlay2Driver(_folder.CreateSubdirectory(name).FullName);
        driver.Probe();
        return driver;
    }
}
