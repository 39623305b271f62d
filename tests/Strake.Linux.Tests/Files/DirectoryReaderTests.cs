using System.Globalization;

namespace Strake.Linux.Tests;

public sealed class DirectoryReaderTests
{
    [Fact]
    public void Every_name_is_told_once_with_its_kind()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        folder.MakeDirectory("directory");
        folder.MakeFile("file");
        Syscall.SymlinkAt("nowhere", directory, "link");
        Syscall.MkfifoAt(directory, "fifo", Permissions.Octal0600);
        Syscall.MknodAt(directory, "socket", FileKind.Socket, Permissions.Octal0600);
        Syscall.MknodAt(directory, "device", FileKind.CharacterDevice, Permissions.Octal0600, new(1, 3));
        Syscall.MknodAt(directory, "block", FileKind.BlockDevice, Permissions.Octal0600, new(7, 300));

        var kinds = new Dictionary<string, FileKind>(StringComparer.Ordinal);
        using var reader = new DirectoryReader(directory);
        while (reader.Read())
            kinds.Add(PathBytes.Decode(reader.Name), reader.Kind);

        Assert.Equal(
            new Dictionary<string, FileKind>(StringComparer.Ordinal)
            {
                ["directory"] = FileKind.Directory,
                ["file"] = FileKind.Regular,
                ["link"] = FileKind.SymbolicLink,
                ["fifo"] = FileKind.Fifo,
                ["socket"] = FileKind.Socket,
                ["device"] = FileKind.CharacterDevice,
                ["block"] = FileKind.BlockDevice,
            },
            kinds);
    }

    [Fact]
    public void A_directory_larger_than_the_buffer_is_read_whole_and_again()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        var names = Enumerable.Range(0, 3000).Select(i => i.ToString("D5", CultureInfo.InvariantCulture) + new string('n', 100)).ToList();
        foreach (var name in names)
            Syscall.MknodAt(directory, name, FileKind.Regular, Permissions.Octal0600);

        using var reader = new DirectoryReader(directory);
        for (var round = 0; round < 2; round++)
        {
            var seen = new List<string>();
            while (reader.Read())
                seen.Add(PathBytes.Decode(reader.Name));

            Assert.Equal(names, seen.Order(StringComparer.Ordinal), StringComparer.Ordinal);
            reader.Rewind();
        }
    }

    [Fact]
    public void A_directory_that_was_removed_has_no_names()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("gone");
        using var directory = folder.Open("gone");
        Directory.Delete(folder["gone"]);

        using var reader = new DirectoryReader(directory);

        Assert.False(reader.Read());
    }

    [Fact]
    public void The_inode_is_told()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        folder.MakeFile("file");

        using var reader = new DirectoryReader(directory);

        Assert.True(reader.Read());
        Assert.Equal(Syscall.StatAt(directory, "file").Inode, reader.Inode);
    }
}
