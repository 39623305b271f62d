namespace Strake.Linux.Tests;

public sealed class LinuxExceptionTests
{
    [Fact]
    public void The_message_names_call_path_and_reason()
    {
        var exception = new LinuxException(Errno.ENOENT, "openat2", "/x/y");

        Assert.Equal("openat2 /x/y: No such file or directory (ENOENT)", exception.Message);
        Assert.Equal(("openat2", "/x/y", Errno.ENOENT), (exception.Call, exception.Path, exception.Errno));
    }

    [Fact]
    public void What_the_kernel_says_besides_comes_last() =>
        Assert.Equal(
            "fsconfig overlay create: Invalid argument (EINVAL): overlay: no lowerdir",
            new LinuxException(Errno.EINVAL, "fsconfig", "overlay create", "overlay: no lowerdir").Message);

    [Fact]
    public void A_relative_path_is_told_with_its_directory()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();

        var exception = Assert.Throws<LinuxException>(() => Syscall.OpenAt(directory, "missing", OpenFlags.ReadOnly));

        Assert.Equal(folder["missing"], exception.Path);
        Assert.Equal(Errno.ENOENT, exception.Errno);
    }
}
