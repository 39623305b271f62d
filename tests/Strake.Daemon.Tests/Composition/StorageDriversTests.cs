using Strake.Daemon.Composition;
using Strake.Layers;
using Strake.State;

namespace Strake.Daemon.Tests.Composition;

public sealed class StorageDriversTests
{
    [Fact]
    public void Unasked_all_but_those_for_special_wishes_are_tried_in_the_order_of_preference()
    {
        using var folder = new TestFolder();
        IReadOnlyList<StorageDriverChoice> choices = StorageDrivers.Candidates(folder.Path, null, []);
        Assert.Equal("overlay2", choices[0].Driver.Name);
        Assert.Equal("the first choice, and it works", choices[0].Reason);
        Assert.Equal(("btrfs", "overlay2 does not work here"), (choices[1].Driver.Name, choices[1].Reason));
        Assert.Equal(["overlay2", "btrfs", "zfs", "devicemapper", "vfs"], choices.Select(choice => choice.Driver.Name));
    }

    [Theory]
    [InlineData("overlay2", "overlay2", "named by the user")]
    [InlineData("overlay", "overlay2", "named by the user as overlay, which is its old name: write overlay2")]
    [InlineData("btrfs", "btrfs", "named by the user")]
    [InlineData("aufs", "aufs", "named by the user")]
    [InlineData("composefs", "composefs", "named by the user")]
    [InlineData("vfs", "vfs", "named by the user")]
    [InlineData("zfs", "zfs", "named by the user")]
    [InlineData("devicemapper", "devicemapper", "named by the user")]
    public void The_one_that_is_named_is_the_only_one(string name, string driver, string reason)
    {
        using var folder = new TestFolder();
        StorageDriverChoice choice = Assert.Single(StorageDrivers.Candidates(folder.Path, name, []));
        Assert.Equal((driver, reason), (choice.Driver.Name, choice.Reason));
    }

    [Fact]
    public void A_name_that_is_none_is_refused_with_those_that_are()
    {
        using var folder = new TestFolder();
        var error = Assert.Throws<StrakeException>(() => StorageDrivers.Candidates(folder.Path, "overlay3", []));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains("overlay2, btrfs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_with_layers_in_the_data_root_is_kept_to()
    {
        using var folder = new TestFolder();
        var vfs = new VfsDriver(folder.Path);
        vfs.Probe();
        vfs.Create(LayerId.New(), []);
        StorageDriverChoice choice = Assert.Single(StorageDrivers.Candidates(folder.Path, null, []));
        Assert.Equal(("vfs", "has layers in the data root"), (choice.Driver.Name, choice.Reason));
    }

    // It was chosen then, and nothing but it: a daemon that had fallen back once did not start again.
    [Fact]
    public void What_a_driver_that_does_not_work_left_behind_is_no_layer()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "overlay2", "empty"));
        Assert.True(StorageDrivers.Candidates(folder.Path, null, []).Count > 1);
    }

    [Theory]
    [InlineData("overlay2", "overlay2.sise=1G", "overlay2.size")]
    [InlineData("vfs", "btrfs.min_space=1G", "there are none")]
    [InlineData(null, "dm.nothing=1", "overlay2.size")]
    [InlineData("btrfs", "btrfs.min_space=much", "a size such as 10G")]
    [InlineData("btrfs", "btrfs.min_space", "no value")]
    [InlineData("zfs", "zfs.fsname=", "no value")]
    [InlineData("devicemapper", "dm.use_deferred_removal=maybe", "true or false")]
    [InlineData("devicemapper", "dm.min_free_space=100%", "0% to 99%")]
    [InlineData("devicemapper", "dm.basesize=-1", "a size such as 10G")]
    public void An_option_that_is_none_is_refused(string? driver, string option, string message)
    {
        using var folder = new TestFolder();
        var error = Assert.Throws<StrakeException>(() => StorageDrivers.Candidates(folder.Path, driver, [option]));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_leave_those_drivers_that_know_them()
    {
        using var folder = new TestFolder();
        StorageDriverChoice choice = Assert.Single(StorageDrivers.Candidates(folder.Path, null, ["btrfs.min_space=1G"]));
        Assert.Equal(("btrfs", "overlay2 does not know the storage options"), (choice.Driver.Name, choice.Reason));
    }

    [Fact]
    public void A_size_for_all_containers_goes_to_the_store()
    {
        using var folder = new TestFolder();
        Assert.Equal(1L << 30, StorageDrivers.Candidates(folder.Path, "overlay2", ["overlay2.size=1G"])[0].SizeLimitBytes);
    }
}
