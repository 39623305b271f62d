using System.Diagnostics;
using Strake.Linux;

namespace Strake.Volumes.Tests.Drivers;

/// <summary>Volumes that are whatever mount can mount.</summary>
public sealed class DeviceMountTests : IDisposable
{
    static readonly VolumeName s_name = VolumeName.Parse("vol");

    readonly string home = Directory.CreateTempSubdirectory("strake-test-").FullName;
    readonly LocalDriver driver;

    public DeviceMountTests() => driver = new LocalDriver(Path.Combine(home, "volumes"));

    static CancellationToken Token => TestContext.Current.CancellationToken;

    string Content => Path.Combine(home, "volumes", "vol", "_data");

    public void Dispose()
    {
        foreach (MountEntry mount in MountTable.Below(home).Reverse())
            Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach);
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task A_tmpfs_has_the_options_asked_for_and_lasts_until_its_last_use()
    {
        await MountAsync("tmpfs", "tmpfs", "size=1m,uid=7,noexec", "one");
        await driver.MountAsync(s_name, "two", Token);
        MountEntry mount = Assert.Single(MountTable.Below(Content));
        Assert.Equal("tmpfs", mount.Type);
        Assert.Contains("noexec", mount.Options, StringComparison.Ordinal);
        Assert.Contains("size=1024k,uid=7", mount.SuperOptions, StringComparison.Ordinal);
        await File.WriteAllTextAsync($"{Content}/file", "x", Token);

        await driver.UnmountAsync(s_name, "one", Token);
        Assert.True(File.Exists($"{Content}/file"));
        await driver.UnmountAsync(s_name, "two", Token);
        Assert.Empty(MountTable.Below(Content));
        await driver.RemoveAsync(s_name, Token);
        Assert.Empty(driver.List());
    }

    [Fact]
    public async Task A_bound_directory_is_the_directory_and_outlives_the_volume()
    {
        string device = Directory.CreateDirectory(Path.Combine(home, "device")).FullName;
        await MountAsync("none", device, "bind", "one");
        await File.WriteAllTextAsync($"{Content}/file", "kept", Token);
        await driver.UnmountAsync(s_name, "one", Token);
        await driver.RemoveAsync(s_name, Token);
        Assert.Equal("kept", await File.ReadAllTextAsync($"{device}/file", Token));
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("btrfs")]
    public async Task A_file_system_in_a_file_is_mounted_by_a_loop_device(string type)
    {
        string image = MakeImage(type);
        await MountAsync(type, image, "noatime", "one");
        await File.WriteAllTextAsync($"{Content}/file", "kept", Token);
        Assert.NotNull((await driver.SpaceAsync(s_name, Token))!.LimitBytes);
        await driver.UnmountAsync(s_name, "one", Token);
        await driver.MountAsync(s_name, "one", Token);
        Assert.Equal("kept", await File.ReadAllTextAsync($"{Content}/file", Token));
        await driver.UnmountAsync(s_name, "one", Token);
        await driver.RemoveAsync(s_name, Token);
        Assert.True(File.Exists(image));
    }

    [Theory]
    [InlineData("tmpfs", "tmpfs", "size=bogus,uid=1000", "failed to mount local volume: mount tmpfs:{0}, data: size=bogus,uid=1000: invalid argument")]
    [InlineData("bogus", "x", "", "failed to mount local volume: mount x:{0}: no such device")]
    [InlineData("ext4", "/no/such", "ro,noexec", "failed to mount local volume: mount /no/such:{0}, flags: 0x9: no such file or directory")]
    [InlineData("none", "/etc/passwd", "bind", "failed to mount local volume: mount /etc/passwd:{0}, flags: 0x1000: not a directory")]
    [InlineData("tmpfs", "tmpfs", "password=geheim", "failed to mount local volume: mount tmpfs:{0}, data: password=********: invalid argument")]
    public async Task What_cannot_be_mounted_is_told_in_Dockers_words_and_without_passwords(string type, string device, string options, string message)
    {
        StrakeException refusal = await Assert.ThrowsAsync<StrakeException>(() => MountAsync(type, device, options, "one"));
        Assert.Equal(
            $"error while mounting volume '{Content}': " + string.Format(System.Globalization.CultureInfo.InvariantCulture, message, Content),
            refusal.Message);
        Assert.Empty(MountTable.Below(Content));
    }

    [Fact]
    public async Task Names_of_servers_are_looked_up()
    {
        var nfs = await NetworkAddress.ResolveAsync(new DeviceMount("nfs", ":/export", "addr=localhost,rw"));
        var cifs = await NetworkAddress.ResolveAsync(new DeviceMount("cifs", "//localhost/share/below", "username=u"));
        Assert.Equal("addr=127.0.0.1,rw", nfs.Options);
        Assert.Equal("//127.0.0.1/share/below", cifs.Device);
        var unknown = await Assert.ThrowsAsync<StrakeException>(() => NetworkAddress.ResolveAsync(new DeviceMount("nfs", ":/export", "addr=no.such.host.invalid")));
        Assert.StartsWith("error resolving passed in network volume address: lookup no.such.host.invalid", unknown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", MountFlags.None, "")]
    [InlineData("ro,nosuid,size=1m", MountFlags.ReadOnly | MountFlags.NoSetUid, "size=1m")]
    [InlineData("ro,rw,loop,uid=1,_netdev", MountFlags.None, "uid=1")]
    [InlineData("rbind,rslave", MountFlags.Bind | MountFlags.Recursive | MountFlags.Slave, "")]
    public void Options_are_taken_apart_as_mount_does(string options, MountFlags flags, string data) =>
        Assert.Equal(new MountWords(flags, data), MountWords.Parse(options));

    [Fact]
    public void Storage_options_and_a_device_do_not_go_together() => Assert.Contains("\"size\"", Assert.Throws<StrakeException>(() => driver.Validate(
        new Dictionary<string, string> { ["type"] = "tmpfs", ["device"] = "tmpfs", ["size"] = "1m" })).Message, StringComparison.Ordinal);

    async Task MountAsync(string type, string device, string options, string holder)
    {
        var all = new Dictionary<string, string> { ["type"] = type, ["device"] = device, ["o"] = options };
        driver.Validate(all);
        await driver.CreateAsync(s_name, all, Token);
        await driver.MountAsync(s_name, holder, Token);
    }

    string MakeImage(string type)
    {
        string image = Path.Combine(home, "image-of-" + type);
        using (FileStream file = File.Create(image))
            file.SetLength(128 << 20);
        using Process made = Process.Start(new ProcessStartInfo($"mkfs.{type}", ["-q", image]) { RedirectStandardError = true })!;
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return image;
    }
}
