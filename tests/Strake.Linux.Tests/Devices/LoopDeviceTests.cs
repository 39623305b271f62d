namespace Strake.Linux.Tests;

public sealed class LoopDeviceTests
{
    [Fact]
    public async Task A_device_shows_the_file_and_lets_go_of_it_by_itself()
    {
        using var folder = new TemporaryDirectory();
        var image = folder.MakeFile("image", new string('x', 4096));
        string path;
        int number;

        using (var device = LoopDevice.Attach(image, new() { OffsetBytes = 512, SizeBytes = 1024 }))
        {
            (path, number) = (device.Path, device.Number);
            using var open = Syscall.Open(path, OpenFlags.ReadOnly);
            var buffer = new byte[2048];
            Assert.Equal(1024, RandomAccess.Read(open, buffer, 0));
            Assert.Equal((byte)'x', buffer[0]);
            Assert.Equal(image, File.ReadAllText($"/sys/block/loop{number}/loop/backing_file").Trim());
        }

        await WaitUntilFreeAsync(number, image);
    }

    [Fact]
    public void Without_autoclear_a_device_stays_until_it_is_detached()
    {
        using var folder = new TemporaryDirectory();
        var image = folder.MakeFile("image", new string('x', 4096));

        string path;
        using (var device = LoopDevice.Attach(image, new() { IsAutoclear = false, IsReadOnly = true }))
            path = device.Path;

        Assert.True(LoopDevice.TryDetach(path));
        Assert.False(LoopDevice.TryDetach("/dev/strake-no-such-loop"));
    }

    [Fact]
    public async Task Many_at_once_get_devices_of_their_own()
    {
        using var folder = new TemporaryDirectory();
        var images = Enumerable.Range(0, 16).Select(i => folder.MakeFile($"image{i}", new string('x', 4096))).ToList();

        var devices = await Task.WhenAll(images.Select(image => Task.Run(() => LoopDevice.Attach(image, new()))));

        Assert.Equal(16, devices.Select(device => device.Number).Distinct().Count());
        foreach (var device in devices)
            device.Dispose();
    }

    [Fact]
    public async Task An_unmount_frees_the_device()
    {
        using var folder = new TemporaryDirectory();
        var image = await FileSystemImage.MakeAsync(folder, "ext4", 4 * 1024 * 1024);
        Assert.Equal("ext4", FileSystem.TypeOf(image.Path));
        var source = Assert.Single(MountTable.Below(image.Path)).Source;

        image.Dispose();

        await WaitUntilFreeAsync(int.Parse(source["/dev/loop".Length..], System.Globalization.CultureInfo.InvariantCulture), folder["ext4.img"]);
    }

    // The kernel lets go after the last close, not in it, and tells nobody.
    static async Task WaitUntilFreeAsync(int number, string file)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        over.CancelAfter(TimeSpan.FromSeconds(20));
        while (IsAttachedTo(number, file))
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, over.Token);
    }

    static bool IsAttachedTo(int number, string file)
    {
        try
        {
            return string.Equals(File.ReadAllText($"/sys/block/loop{number}/loop/backing_file").Trim(), file, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
