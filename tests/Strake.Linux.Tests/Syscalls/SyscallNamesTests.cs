namespace Strake.Linux.Tests;

public sealed class SyscallNamesTests
{
    [Fact]
    public void A_rename_replaces_or_refuses_or_swaps()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        folder.MakeFile("a", "A");
        folder.MakeFile("b", "B");

        var refused = Assert.Throws<LinuxException>(() => Syscall.RenameAt(directory, "a", directory, "b", RenameFlags.NoReplace));
        Assert.Equal((Errno.EEXIST, $"{folder["a"]} to {folder["b"]}"), (refused.Errno, refused.Path));

        Syscall.RenameAt(directory, "a", directory, "b", RenameFlags.Exchange);
        Assert.Equal(("B", "A"), (File.ReadAllText(folder["a"]), File.ReadAllText(folder["b"])));

        Syscall.RenameAt(directory, "a", directory, "b");
        Assert.Equal("B", File.ReadAllText(folder["b"]));
        Assert.False(File.Exists(folder["a"]));
    }

    [Fact]
    public void A_link_says_bytes()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        byte[] target = [0xFF, (byte)'/', 0xFE, 0];

        Syscall.SymlinkAt(target, directory, "link\0"u8);

        Assert.Equal(target[..^1], Syscall.ReadLinkAt(directory, "link"));
        using var link = Syscall.OpenAt(directory, "link", OpenFlags.Path | OpenFlags.NoFollow);
        Assert.Equal(target[..^1], Syscall.ReadLinkAt(link, "\0"u8));
        folder.MakeFile("file");
        Assert.Null(Syscall.TryReadLinkAt(directory, "file\0"u8));
    }

    [Fact]
    public void A_file_without_a_name_gets_one()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        using var file = Syscall.OpenAt(directory, ".", OpenFlags.Nameless | OpenFlags.ReadWrite, Permissions.Octal0644);
        RandomAccess.Write(file, "content"u8, 0);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));

        Syscall.LinkAt(file, directory, "name\0"u8);

        Assert.Equal("content", File.ReadAllText(folder["name"]));
    }

    [Fact]
    public void The_mode_of_a_link_s_target_is_not_changed()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        folder.MakeFile("file");
        Syscall.ChmodAt(directory, "file", Permissions.Octal0600);
        Syscall.SymlinkAt("file", directory, "link");

        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => Syscall.ChmodAt(directory, "link", Permissions.Octal0777)).Errno);

        Assert.Equal(Permissions.Octal0600, Syscall.StatAt(directory, "file").Mode);
    }

    [Fact]
    public void The_name_of_a_directory_is_not_removed_as_a_file_s_nor_the_other_way()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        folder.MakeDirectory("directory");
        folder.MakeFile("file");

        Assert.Equal(Errno.EISDIR, Assert.Throws<LinuxException>(() => Syscall.TryUnlinkAt(directory, "directory")).Errno);
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<LinuxException>(() => Syscall.TryUnlinkAt(directory, "file", AtFlags.RemoveDirectory)).Errno);
        Assert.True(Syscall.TryUnlinkAt(directory, "directory", AtFlags.RemoveDirectory));
        Assert.False(Syscall.TryUnlinkAt(directory, "directory", AtFlags.RemoveDirectory));
    }

    [Fact]
    public void A_name_that_is_taken_is_an_outcome_of_mkdir()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();

        Assert.True(Syscall.TryMkdirAt(directory, "name\0"u8, Permissions.Octal0755));
        Assert.False(Syscall.TryMkdirAt(directory, "name\0"u8, Permissions.Octal0755));
        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => Syscall.MkdirAt(directory, "name", Permissions.Octal0755)).Errno);
    }
}
