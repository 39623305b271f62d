using System.Diagnostics;
using Strake.Linux;

namespace Strake.Volumes.Tests.Drivers;

/// <summary>What only volumes on ZFS have: where their datasets are, and that these go in any order.</summary>
[Trait("Kernel", "stock")]
public sealed class ZfsVolumeTests(Zfs disk) : IClassFixture<Zfs>, IDisposable
{
    static readonly VolumeName s_name = VolumeName.Parse("vol");

    readonly string folder = disk.NewFolder();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    string Root => Path.Combine(folder, "volumes");

    public void Dispose()
    {
        foreach (MountEntry mount in MountTable.Below(folder).Reverse())
            Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach);
    }

    [Fact]
    public async Task A_volume_with_a_size_is_a_dataset_without_being_asked_for()
    {
        var driver = new LocalDriver(Root);
        await driver.CreateAsync(s_name, Options(("size", "20m")), Token);
        Assert.Equal("zfs", (await driver.SpaceAsync(s_name, Token))!.Backend);
        Assert.Single(Datasets());
        await driver.RemoveAsync(s_name, Token);
        Assert.Empty(Datasets());
    }

    [Fact]
    public async Task Its_dataset_is_below_the_one_that_is_named_wherever_the_volumes_lie()
    {
        DirectoryInfo elsewhere = Directory.CreateTempSubdirectory("strake-test-");
        Run("create", "-o", "mountpoint=none", $"{disk.Pool}/given");
        try
        {
            var driver = new LocalDriver(elsewhere.FullName);
            Dictionary<string, string> options = Options(("backend", "zfs"), ("parent", $"{disk.Pool}/given"));
            driver.Validate(options);
            await driver.CreateAsync(s_name, options, Token);
            await driver.SnapshotAsync(s_name, SnapshotName.Parse("one"), Token);
            Assert.Equal(2, Datasets($"{disk.Pool}/given").Count(static name => !name.Contains('@')));
            string path = await driver.MountAsync(s_name, "container/one", Token);
            Assert.Equal("zfs", FileSystem.TypeOf(path));
            await driver.UnmountAsync(s_name, "container/one", Token);
            await driver.RemoveAsync(s_name, Token);
            Assert.Empty(Datasets($"{disk.Pool}/given"));
        }
        finally
        {
            Run("destroy", "-r", $"{disk.Pool}/given");
            elsewhere.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_parent_that_is_not_there_is_named()
    {
        var driver = new LocalDriver(Root);
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(
            () => driver.CreateAsync(s_name, Options(("backend", "zfs"), ("parent", $"{disk.Pool}/nowhere")), Token));
        Assert.Contains($"{disk.Pool}/nowhere", refused.Message, StringComparison.Ordinal);
        await driver.RemoveAsync(s_name, Token);
        Assert.Empty(driver.List());
    }

    // Each is a clone of another: the original, its snapshot, a clone of that, a clone of the clone.
    [Theory]
    [InlineData(0, 1, 2, 3)]
    [InlineData(3, 2, 1, 0)]
    [InlineData(2, 0, 3, 1)]
    [InlineData(1, 2, 0, 3)]
    public async Task Volumes_and_their_copies_go_in_any_order_and_leave_nothing(params int[] order)
    {
        var driver = new LocalDriver(Root);
        SnapshotName snapshot = SnapshotName.Parse("one");
        (VolumeName clone, VolumeName again, VolumeName last) = (VolumeName.Parse("clone"), VolumeName.Parse("again"), VolumeName.Parse("last"));
        await driver.CreateAsync(s_name, Options(("backend", "zfs")), Token);
        await WriteAsync(driver, s_name);
        await driver.SnapshotAsync(s_name, snapshot, Token);
        await driver.CloneAsync(s_name, snapshot, clone, options: null, Token);
        await driver.CloneAsync(clone, snapshot: null, again, options: null, Token);
        await driver.CloneAsync(again, snapshot: null, last, options: null, Token);

        var left = new List<VolumeName> { s_name, clone, again, last };
        foreach (VolumeName gone in order.Select(index => left[index]).ToList())
        {
            await driver.RemoveAsync(gone, Token);
            left.Remove(gone);
            foreach (VolumeName name in left)
                Assert.Equal("written", await ReadAsync(driver, name));
        }

        Assert.Empty(Datasets());
    }

    [Fact]
    public async Task A_volume_that_is_full_can_be_copied_and_be_given_its_size_again()
    {
        var driver = new LocalDriver(Root);
        await driver.CreateAsync(s_name, Options(("backend", "zfs"), ("size", "5m")), Token);
        string path = await driver.MountAsync(s_name, "container/one", Token);
        byte[] bytes = new byte[8 << 20];
        new Random(1).NextBytes(bytes);
        Assert.ThrowsAny<IOException>(() => File.WriteAllBytes($"{path}/file", bytes));
        await driver.UnmountAsync(s_name, "container/one", Token);

        await driver.ResizeAsync(s_name, "5m", Token);
        await driver.SnapshotAsync(s_name, SnapshotName.Parse("one"), Token);
        await driver.RollBackAsync(s_name, SnapshotName.Parse("one"), Token);
        path = await driver.MountAsync(s_name, "container/one", Token);
        Assert.InRange(new FileInfo($"{path}/file").Length, 4L << 20, 5L << 20);
        Assert.ThrowsAny<IOException>(() => File.WriteAllBytes($"{path}/more", bytes));
        await driver.UnmountAsync(s_name, "container/one", Token);
        await driver.RemoveAsync(s_name, Token);
        Assert.Empty(Datasets());
    }

    // Its file names a dataset, of which there is nothing yet but the moment that it was to begin as.
    [Fact]
    public async Task A_copy_that_was_cut_short_leaves_no_snapshot_of_what_it_was_of()
    {
        var driver = new LocalDriver(Root);
        await driver.CreateAsync(s_name, Options(("backend", "zfs")), Token);
        string dataset = Assert.Single(Datasets());
        const string copy = "strake-volume-0123456789abcdef0123456789abcdef";
        string making = Directory.CreateDirectory($"{Root}/vol/snapshots/.making").FullName;
        string text = await File.ReadAllTextAsync($"{Root}/vol/options.json", Token);
        await File.WriteAllTextAsync($"{making}/options.json", text.Replace(dataset, $"{disk.Pool}/{copy}", StringComparison.Ordinal), Token);
        Run("snapshot", $"{dataset}@{copy}");

        await driver.SettleAsync(s_name);
        Assert.False(Directory.Exists(making));
        Assert.Empty(Run("list", "-H", "-r", "-t", "snapshot", "-o", "name", dataset));
        await driver.RemoveAsync(s_name, Token);
        Assert.Empty(Datasets());
    }

    [Fact]
    public async Task A_dataset_that_is_gone_is_named_and_the_volume_can_be_removed()
    {
        var driver = new LocalDriver(Root);
        await driver.CreateAsync(s_name, Options(("backend", "zfs")), Token);
        string dataset = Assert.Single(Datasets());
        Run("destroy", dataset);
        StrakeException lost = await Assert.ThrowsAsync<StrakeException>(() => driver.MountAsync(s_name, "container/one", Token));
        Assert.Equal(ErrorKind.DataLoss, lost.Kind);
        Assert.Contains(dataset, lost.Message, StringComparison.Ordinal);
        await driver.RemoveAsync(s_name, Token);
        Assert.Empty(driver.List());
    }

    static Dictionary<string, string> Options(params (string Name, string Value)[] options) => options.ToDictionary(static one => one.Name, static one => one.Value);

    static async Task WriteAsync(LocalDriver driver, VolumeName name)
    {
        string path = await driver.MountAsync(name, "container/one", Token);
        await File.WriteAllTextAsync($"{path}/file", "written", Token);
        await driver.UnmountAsync(name, "container/one", Token);
    }

    static async Task<string> ReadAsync(LocalDriver driver, VolumeName name)
    {
        string path = await driver.MountAsync(name, "container/one", Token);
        string text = await File.ReadAllTextAsync($"{path}/file", Token);
        await driver.UnmountAsync(name, "container/one", Token);
        return text;
    }

    string[] Datasets(string? parent = null) =>
        [.. Run("list", "-H", "-r", "-t", "filesystem,snapshot", "-o", "name", parent ?? disk.Pool).Split('\n').Where(static name => name.Contains("/strake-volume-", StringComparison.Ordinal))];

    static string Run(params string[] arguments)
    {
        using Process zfs = Process.Start(new ProcessStartInfo("zfs", arguments) { RedirectStandardOutput = true })!;
        string output = zfs.StandardOutput.ReadToEnd();
        zfs.WaitForExit();
        Assert.Equal(0, zfs.ExitCode);
        return output.Trim();
    }
}
