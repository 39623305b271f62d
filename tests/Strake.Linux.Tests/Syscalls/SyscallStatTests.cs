using System.Globalization;

namespace Strake.Linux.Tests;

public sealed class SyscallStatTests
{
    [Fact]
    public async Task Every_field_is_what_stat_1_says()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        folder.MakeFile("file", "content");
        Syscall.ChownAt(directory, "file\0"u8, 12, 34);
        Syscall.ChmodAt(directory, "file", Permissions.Octal0644 | UnixFileMode.SetGroup);
        Syscall.UtimensAt(directory, "file\0"u8, new(1000, 1), new(2000, 999_999_999));

        var stat = Syscall.StatAt(directory, "file");

        var run = await ChildProcess.RunAsync(
            new() { Program = "/usr/bin/stat", Arguments = ["-c", "%d %i %h %a %u %g %s %b %.9X %.9Y %.9Z", folder["file"]] }, new(), TestContext.Current.CancellationToken);
        var dev = stat.Device.ToDev();
        Assert.Equal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{dev} {stat.Inode} {stat.LinkCount} {Convert.ToString((int)stat.Mode, 8)} {stat.Uid} {stat.Gid} {stat.SizeBytes} {stat.AllocatedBytes / 512} {stat.AccessTime} {stat.ModifyTime} {stat.ChangeTime}\n"),
            run.OutputText);
        Assert.Equal(FileKind.Regular, stat.Kind);
        Assert.NotEqual(0ul, stat.MountId);
        Assert.True(stat.BirthTime.Seconds > 0);
    }

    [Fact]
    public void A_link_is_not_followed_unless_asked()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        folder.MakeFile("file");
        Syscall.SymlinkAt("file", directory, "link");

        Assert.Equal(FileKind.SymbolicLink, Syscall.StatAt(directory, "link").Kind);
        Assert.Equal(FileKind.Regular, Syscall.StatAt(directory, "link", AtFlags.None).Kind);
    }

    [Fact]
    public void A_device_tells_its_number() => Assert.Equal(new(1, 3), Syscall.StatAt(Syscall.WorkingDirectory, "/dev/null").DeviceItself);

    [Theory]
    [InlineData("missing")]
    [InlineData("file/below")]
    public void A_missing_file_is_an_outcome(string path)
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        folder.MakeFile("file");

        Assert.False(Syscall.TryStatAt(directory, path, out _));
        Assert.Null(Syscall.TryOpenAt(directory, PathBytes.Encode(path), OpenFlags.ReadOnly));
        Assert.Null(Syscall.TryReadLinkAt(directory, PathBytes.Encode(path)));
        Assert.False(Syscall.TryUnlinkAt(directory, path));
        Assert.Throws<LinuxException>(() => Syscall.StatAt(directory, path));
    }
}
