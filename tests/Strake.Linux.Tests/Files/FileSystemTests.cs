namespace Strake.Linux.Tests;

public sealed class FileSystemTests
{
    [Theory]
    [InlineData("/proc", "proc")]
    [InlineData("/sys", "sysfs")]
    [InlineData("/dev/pts", "devpts")]
    public void The_type_of_a_path_has_its_name(string path, string type) => Assert.Equal(type, FileSystem.TypeOf(path));

    [Fact]
    public void A_number_that_nobody_knows_is_told_as_a_number() => Assert.Equal("0x12345678", FileSystem.NameOf(0x12345678));

    [Fact]
    public void Size_space_and_inodes_are_those_of_the_file_system()
    {
        using var folder = new TemporaryDirectory();
        using var mount = new Mount("tmpfs", "tmpfs", folder.MakeDirectory("t"), MountFlags.None, "size=1m,nr_inodes=100").Attach();
        File.WriteAllBytes(folder["t/file"], new byte[256 * 1024]);

        var stat = Syscall.StatFs(folder["t"]);

        Assert.Equal("tmpfs", FileSystem.TypeOf(folder["t"]));
        Assert.Equal(1024 * 1024, stat.SizeBytes);
        Assert.Equal(768 * 1024, stat.FreeBytes);
        Assert.Equal(768 * 1024, stat.AvailableBytes);
        Assert.Equal(100, stat.Inodes);
        Assert.Equal(98, stat.FreeInodes);
        Assert.False(stat.IsReadOnly);
    }
}
