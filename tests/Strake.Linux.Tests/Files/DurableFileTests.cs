namespace Strake.Linux.Tests;

public sealed class DurableFileTests
{
    [Fact]
    public void Content_and_mode_are_exactly_as_asked()
    {
        using var folder = new TemporaryDirectory();

        DurableFile.Write(folder["file"], "first"u8, Permissions.Octal0644);
        DurableFile.Write(folder["file"], "second"u8, Permissions.Octal0777);

        Assert.Equal("second", File.ReadAllText(folder["file"]));
        Assert.Equal(Permissions.Octal0777, File.GetUnixFileMode(folder["file"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_link_in_the_place_is_replaced_and_not_followed()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeFile("other", "untouched");
        File.CreateSymbolicLink(folder["file"], folder["other"]);

        DurableFile.Write(folder["file"], "new"u8, Permissions.Octal0600);

        Assert.Equal("untouched", File.ReadAllText(folder["other"]));
        Assert.Equal("new", File.ReadAllText(folder["file"]));
        Assert.Null(new FileInfo(folder["file"]).LinkTarget);
    }

    [Fact]
    public void A_failed_write_leaves_what_was_there_and_nothing_else()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("name");
        folder.MakeFile("name/inside", "kept");

        var exception = Assert.Throws<LinuxException>(() => DurableFile.Write(folder["name"], "x"u8, Permissions.Octal0600));

        Assert.Equal(Errno.EISDIR, exception.Errno);
        Assert.Equal([folder["name"]], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal("kept", File.ReadAllText(folder["name/inside"]));
    }

    [Fact]
    public async Task On_a_full_disk_what_was_there_stays()
    {
        using var folder = new TemporaryDirectory();
        using var disk = await FileSystemImage.MakeAsync(folder, "ext4", 2 * 1024 * 1024);
        var path = Path.Combine(disk.Path, "file");
        DurableFile.Write(path, "before"u8, Permissions.Octal0600);

        Assert.ThrowsAny<IOException>(() => DurableFile.Write(path, new byte[4 * 1024 * 1024], Permissions.Octal0600));

        Assert.Equal("before", File.ReadAllText(path));
        Assert.DoesNotContain(Directory.GetFiles(disk.Path), file => DurableFile.IsTemporary(Path.GetFileName(file)));
    }

    [Fact]
    public void Without_a_mode_the_umask_decides()
    {
        using var folder = new TemporaryDirectory();

        DurableFile.Write(folder["file"], "x"u8, mode: null);

        File.WriteAllText(folder["other"], "x");
        Assert.Equal(File.GetUnixFileMode(folder["other"]), File.GetUnixFileMode(folder["file"]));
    }

    [Fact]
    public void A_file_written_piece_by_piece_takes_the_place_of_another()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeFile("file", "before");
        string making = folder[DurableFile.NewTemporaryName()];
        using var written = new FileStream(making, FileMode.CreateNew, FileAccess.Write);
        written.Write("after"u8);

        DurableFile.Place(written, folder["file"]);

        Assert.True(DurableFile.IsTemporary(Path.GetFileName(making)));
        Assert.Equal("after", File.ReadAllText(folder["file"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Where_it_cannot_be_placed_what_was_there_stays()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("name");
        folder.MakeFile("name/inside", "kept");
        using var written = new FileStream(folder["making"], FileMode.CreateNew, FileAccess.Write);

        var exception = Assert.Throws<LinuxException>(() => DurableFile.Place(written, folder["name"]));

        Assert.Equal(Errno.EISDIR, exception.Errno);
        Assert.Equal("kept", File.ReadAllText(folder["name/inside"]));
    }

    [Fact]
    public void What_a_crash_would_leave_is_told_by_its_name()
    {
        Assert.True(DurableFile.IsTemporary(".strake-tmp-0123"));
        Assert.False(DurableFile.IsTemporary("config.json"));
    }

    [Fact]
    public void Removing_can_be_repeated()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeFile("file");

        DurableFile.Remove(folder["file"]);
        DurableFile.Remove(folder["file"]);
        DurableFile.Remove(folder["no/such/directory"]);

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
