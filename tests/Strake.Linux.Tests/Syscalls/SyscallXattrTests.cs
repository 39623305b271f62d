using Microsoft.Win32.SafeHandles;

namespace Strake.Linux.Tests;

public sealed class SyscallXattrTests
{
    [Theory]
    [InlineData("file", OpenFlags.ReadOnly)]
    [InlineData("file", OpenFlags.Path)]
    [InlineData("link", OpenFlags.Path | OpenFlags.NoFollow)]
    [InlineData("directory", OpenFlags.Directory)]
    [InlineData("fifo", OpenFlags.Path)]
    public void Attributes_of_any_open_file_are_set_read_listed_and_removed(string name, OpenFlags flags)
    {
        using var folder = Tree();
        using var directory = folder.Open();
        using var file = Syscall.OpenAt(directory, name, flags);
        var large = new byte[2000];

        Assert.True(Syscall.ListXattr(file).IsEmpty);
        Assert.Null(Syscall.TryGetXattr(file, "trusted.one"));
        Syscall.SetXattr(file, "trusted.one", "value"u8);
        Syscall.SetXattr(file, "trusted.empty", default);
        Syscall.SetXattr(file, "trusted.large", large);

        Assert.Equal("value"u8.ToArray(), Syscall.TryGetXattr(file, "trusted.one"));
        Assert.Equal([], Syscall.TryGetXattr(file, "trusted.empty")!);
        Assert.Equal(large, Syscall.TryGetXattr(file, "trusted.large"));
        Assert.Equal(["trusted.empty", "trusted.large", "trusted.one"], Names(Syscall.ListXattr(file)), StringComparer.Ordinal);
        Assert.True(Syscall.RemoveXattr(file, "trusted.one\0"u8));
        Assert.False(Syscall.RemoveXattr(file, "trusted.one\0"u8));
    }

    [Fact]
    public void Attributes_by_name_are_the_link_s_own()
    {
        using var folder = Tree();
        using var directory = folder.Open();

        Syscall.SetXattrAt(directory, "link\0"u8, "trusted.one\0"u8, "of the link"u8);

        Assert.Equal("of the link"u8.ToArray(), Syscall.TryGetXattrAt(directory, "link\0"u8, "trusted.one\0"u8));
        Assert.Equal(["trusted.one"], Names(Syscall.ListXattrAt(directory, "link\0"u8)), StringComparer.Ordinal);
        Assert.Null(Syscall.TryGetXattrAt(directory, "file\0"u8, "trusted.one\0"u8));
        Assert.True(Syscall.RemoveXattrAt(directory, "link\0"u8, "trusted.one\0"u8));
        Assert.False(Syscall.RemoveXattrAt(directory, "link\0"u8, "trusted.one\0"u8));
    }

    [Fact]
    public void Setting_may_require_that_it_is_new_or_there()
    {
        using var folder = Tree();
        using var file = Syscall.Open(folder["file"], OpenFlags.ReadOnly);

        Assert.Equal(Errno.ENODATA, Set(file, XattrFlags.Replace));
        Assert.Equal(Errno.None, Set(file, XattrFlags.Create));
        Assert.Equal(Errno.EEXIST, Set(file, XattrFlags.Create));
    }

    [Fact]
    public void Very_many_names_are_listed()
    {
        using var folder = new TemporaryDirectory();
        using var mount = new Mount("tmpfs", "tmpfs", folder.MakeDirectory("t")).Attach();
        using var file = Syscall.Open(folder.MakeFile("t/file"), OpenFlags.ReadOnly);
        var names = Enumerable.Range(0, 200).Select(i => $"trusted.a-name-of-some-length-{i:D3}").ToList();
        foreach (var name in names)
            Syscall.SetXattr(file, name, "v"u8);

        Assert.Equal(names, Names(Syscall.ListXattr(file)), StringComparer.Ordinal);
    }

    [Fact]
    public void A_file_system_without_attributes_has_none()
    {
        using var file = Syscall.Open("/proc/self/status", OpenFlags.ReadOnly);

        Assert.Null(Syscall.TryGetXattr(file, "user.name"));
        Assert.Equal(Errno.EOPNOTSUPP, Set(file, XattrFlags.None));
    }

    static Errno Set(SafeFileHandle file, XattrFlags flags)
    {
        try
        {
            Syscall.SetXattr(file, "user.one", "value"u8, flags);
            return Errno.None;
        }
        catch (LinuxException e)
        {
            return e.Errno;
        }
    }

    static TemporaryDirectory Tree()
    {
        var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        folder.MakeFile("file");
        folder.MakeDirectory("directory");
        Syscall.SymlinkAt("file", directory, "link");
        Syscall.MkfifoAt(directory, "fifo", Permissions.Octal0600);
        return folder;
    }

    static List<string> Names(XattrNames names)
    {
        var texts = new List<string>();
        foreach (var name in names)
            texts.Add(PathBytes.Decode(name));

        texts.Sort(StringComparer.Ordinal);
        return texts;
    }
}
