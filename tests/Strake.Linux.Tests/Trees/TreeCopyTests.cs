using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux.Tests;

public sealed class TreeCopyTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    // struct vfs_cap_data, revision 2: cap_net_raw, effective.
    static readonly byte[] Capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [Theory]
    [InlineData("ext4", 64)]
    [InlineData("xfs", 300)]
    [InlineData("btrfs", 128)]
    public async Task A_copy_is_the_same_in_all_that_the_file_system_knows(string type, int megabytes)
    {
        using var folder = new TemporaryDirectory();
        using var disk = await FileSystemImage.MakeAsync(folder, type, megabytes * 1024L * 1024);
        var source = Directory.CreateDirectory(Path.Combine(disk.Path, "source")).FullName;
        var target = Directory.CreateDirectory(Path.Combine(disk.Path, "target")).FullName;
        Fill(source);
        var before = Describe(source);

        var report = Copy(source, target);

        Assert.Equal(before, Describe(target));
        Assert.Equal(new(3, 6, 7, 4, 4 * 1024 * 1024 + 100_000 + 12 + 7, 0), report);
    }

    [Fact]
    public async Task A_copy_to_a_file_system_of_another_kind_is_the_same()
    {
        using var folder = new TemporaryDirectory();
        using var first = await FileSystemImage.MakeAsync(folder, "ext4", 64 * 1024 * 1024, ["-b", "4096"]);
        using var second = await FileSystemImage.MakeAsync(folder, "xfs", 300 * 1024 * 1024);
        Fill(first.Path);

        Copy(first.Path, second.Path);

        Directory.Delete(Path.Combine(first.Path, "lost+found"), recursive: true);
        Directory.Delete(Path.Combine(second.Path, "lost+found"), recursive: true);
        Assert.Equal(Describe(first.Path, withTop: false), Describe(second.Path, withTop: false));
    }

    [Fact]
    public async Task Attributes_that_the_target_cannot_keep_are_counted()
    {
        using var folder = new TemporaryDirectory();
        using var disk = await FileSystemImage.MakeAsync(folder, "ext4", 16 * 1024 * 1024);
        Directory.CreateDirectory(Path.Combine(disk.Path, "source"));
        await File.WriteAllTextAsync(Path.Combine(disk.Path, "source/file"), "content", Token);
        using (var file = Syscall.Open(Path.Combine(disk.Path, "source/file"), OpenFlags.ReadOnly))
            Syscall.SetXattr(file, "user.name", "value"u8);

        using var ramfs = new Mount("ramfs", "ramfs", folder.MakeDirectory("ramfs")).Attach();
        var report = Copy(Path.Combine(disk.Path, "source"), ramfs.Target);

        Assert.Equal(1, report.SkippedXattrs);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(ramfs.Target, "file"), Token));
    }

    [Fact]
    public async Task Where_the_file_system_can_share_content_it_does()
    {
        using var folder = new TemporaryDirectory();
        using var disk = await FileSystemImage.MakeAsync(folder, "xfs", 300 * 1024 * 1024);
        Directory.CreateDirectory(Path.Combine(disk.Path, "source"));
        Directory.CreateDirectory(Path.Combine(disk.Path, "target"));
        await File.WriteAllBytesAsync(Path.Combine(disk.Path, "source/file"), new byte[64 * 1024 * 1024], Token);
        Sync(disk.Path);
        var before = Syscall.StatFs(disk.Path).FreeBytes;

        Copy(Path.Combine(disk.Path, "source"), Path.Combine(disk.Path, "target"));
        Sync(disk.Path);

        Assert.InRange(before - Syscall.StatFs(disk.Path).FreeBytes, 0, 4 * 1024 * 1024);
    }

    [Fact]
    public void A_link_to_a_directory_is_a_link_in_the_copy()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("outside");
        folder.MakeFile("outside/file");
        folder.MakeDirectory("source");
        folder.MakeDirectory("target");
        File.CreateSymbolicLink(folder["source/link"], folder["outside"]);

        Copy(folder["source"], folder["target"]);

        Assert.Equal(folder["outside"], new FileInfo(folder["target/link"]).LinkTarget);
    }

    [Fact]
    public void A_mount_in_the_source_is_refused_by_name()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("target");
        using var mount = new Mount("tmpfs", "tmpfs", folder.MakeDirectory("source/mounted")).Attach();

        var exception = Assert.Throws<LinuxException>(() => Copy(folder["source"], folder["target"]));

        Assert.Equal((Errno.EXDEV, folder["source/mounted"]), (exception.Errno, exception.Path));
    }

    [Fact]
    public void A_name_that_the_target_has_is_refused()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("source");
        folder.MakeDirectory("target");
        folder.MakeFile("source/file", "new");
        folder.MakeFile("target/file", "old");

        var exception = Assert.Throws<LinuxException>(() => Copy(folder["source"], folder["target"]));

        Assert.Equal((Errno.EEXIST, folder["target/file"]), (exception.Errno, exception.Path));
        Assert.Equal("old", File.ReadAllText(folder["target/file"]));
    }

    [Fact]
    public void A_deep_tree_is_copied_with_its_hard_links()
    {
        const int depth = 1000;
        using var folder = new TemporaryDirectory();
        TreeRemovalTests.MakeDeep(folder, depth, "a-name-of-some-length");
        folder.MakeDirectory("target");
        LinkAtTheBottom(folder, depth);

        var report = Copy(folder["deep"], folder["target"]);

        Assert.Equal(new(depth, 1, 0, 1, 0, 0), report);
        TreeRemoval.Remove(folder["target"], Token);
        TreeRemoval.Remove(folder["deep"], Token);
    }

    [Fact]
    public void A_cancelled_copy_ends()
    {
        using var folder = new TemporaryDirectory();
        using var source = folder.Open();
        folder.MakeDirectory("target");
        using var target = folder.Open("target");

        Assert.ThrowsAny<OperationCanceledException>(() => TreeCopy.Copy(source, target, new CancellationToken(canceled: true)));
    }

    static TreeCopyReport Copy(string from, string to)
    {
        using var source = Syscall.Open(from, OpenFlags.Directory);
        using var target = Syscall.Open(to, OpenFlags.Directory);
        return TreeCopy.Copy(source, target, Token);
    }

    static void Sync(string path)
    {
        using var directory = Syscall.Open(path, OpenFlags.Directory);
        Syscall.SyncFs(directory);
    }

    // Two names of one file, whose paths are longer than the kernel takes at once.
    static void LinkAtTheBottom(TemporaryDirectory folder, int depth)
    {
        var current = folder.Open("deep");
        for (var i = 0; i < depth; i++)
        {
            var next = Syscall.OpenAt(current, "a-name-of-some-length", OpenFlags.Directory);
            current.Dispose();
            current = next;
        }

        using (current)
        {
            Syscall.UnlinkAt(current, "bottom");
            Syscall.MknodAt(current, "x1", FileKind.Regular, Permissions.Octal0600);
            Syscall.LinkAt(current, "x1\0"u8, current, "x2\0"u8);
        }
    }

    static void Fill(string path)
    {
        using var top = Syscall.Open(path, OpenFlags.Directory);
        Syscall.MkdirAt(top, "directory", Permissions.Octal0700);
        Syscall.MkdirAt(top, "directory/below", Permissions.Octal1777);
        Syscall.MkdirAt(top, [0xFF, 0xFE, 0], Permissions.Octal0711);
        File.WriteAllText(Path.Combine(path, "file"), "some content");
        File.WriteAllBytes(Path.Combine(path, "directory/large"), [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))]);
        File.WriteAllText(Path.Combine(path, "directory/below/setuid"), "program");
        Syscall.MknodAt(top, "empty", FileKind.Regular, UnixFileMode.None);
        MakeSparse(top, "sparse", 4 * 1024 * 1024 - 4096);
        MakeSparse(top, "hole", 4096);

        Syscall.SymlinkAt("file", top, "link");
        Syscall.SymlinkAt("/nowhere/at/all", top, "dangling");
        Syscall.MkfifoAt(top, "fifo", Permissions.Octal0644);
        Syscall.MknodAt(top, "socket", FileKind.Socket, Permissions.Octal0660);
        Syscall.MknodAt(top, "character", FileKind.CharacterDevice, Permissions.Octal0660, new(1, 3));
        Syscall.MknodAt(top, "block", FileKind.BlockDevice, Permissions.Octal0660, new(7, 300));
        Syscall.MknodAt(top, "whiteout", FileKind.CharacterDevice, UnixFileMode.None);

        Link(top, "file", "directory/file-again");
        Link(top, "file", "directory/below/and-again");
        Link(top, "link", "directory/link-again");
        Link(top, "character", "directory/device-again");
        SetMetadata(top);
    }

    static void MakeSparse(SafeFileHandle top, string name, long dataAt)
    {
        using var file = Syscall.OpenAt(top, name, OpenFlags.ReadWrite | OpenFlags.Create, Permissions.Octal0644);
        if (name is "hole")
            return;

        RandomAccess.Write(file, [.. Enumerable.Repeat((byte)'d', 4096)], dataAt);
        RandomAccess.Write(file, "begin"u8, 65536);
    }

    static void Link(SafeFileHandle top, string from, string to) => Syscall.LinkAt(top, PathBytes.Encode(from), top, PathBytes.Encode(to));

    static void SetMetadata(SafeFileHandle top)
    {
        using (var file = Syscall.OpenAt(top, "directory/below/setuid", OpenFlags.ReadOnly))
        {
            Syscall.Chown(file, 1234, 5678);
            Syscall.Chmod(file, Permissions.Octal0755 | UnixFileMode.SetUser | UnixFileMode.SetGroup);
            Syscall.SetXattr(file, "security.capability", Capability);
            Syscall.SetXattr(file, "user.empty", default);
        }

        using (var directory = Syscall.OpenAt(top, "directory", OpenFlags.Directory))
        {
            Syscall.Chown(directory, 1000, 1001);
            Syscall.SetXattr(directory, "user.large", Encoding.UTF8.GetBytes(new string('v', 600)));
            Syscall.SetXattr(directory, "trusted.name", "value"u8);
        }

        Syscall.ChownAt(top, "link\0"u8, 4000000000, 7);
        Syscall.SetXattrAt(top, "link\0"u8, "trusted.of-a-link\0"u8, "value"u8);
        Syscall.SetXattrAt(top, "fifo\0"u8, "trusted.of-a-fifo\0"u8, "value"u8);

        // The top last of all: nothing may touch it after.
        var seconds = -1000L;
        foreach (var name in (string[])["empty", "sparse", "file", "directory/below/setuid", "link", "fifo", "character", "directory/below", "directory"])
            Syscall.UtimensAt(top, PathBytes.Encode(name), new(1_000_000, 1), new(seconds += 1000, 123_456_789));

        Syscall.Chown(top, 42, 43);
        Syscall.Chmod(top, Permissions.Octal0711);
        Syscall.Utimens(top, new(5, 5), new(6, 6));
    }

    // One line a name: all that is known of it but what a copy cannot keep (inode, change time).
    static List<string> Describe(string path, bool withTop = true)
    {
        using var top = Syscall.Open(path, OpenFlags.Directory);
        var inodes = new Dictionary<ulong, string>();
        var names = Directory.GetFileSystemEntries(path, "*", SearchOption.AllDirectories)
            .Select(name => Path.GetRelativePath(path, name)).Order(StringComparer.Ordinal);
        var lines = names.Where(name => !name.Contains('\uFFFD', StringComparison.Ordinal)).Select(name => Describe(top, PathBytes.Encode(name), inodes)).ToList();
        lines.Add(Describe(top, [0xFF, 0xFE, 0], inodes));
        if (withTop)
            lines.Add(Describe(top, ".\0"u8, inodes));

        return lines;
    }

    static string Describe(SafeFileHandle top, ReadOnlySpan<byte> name, Dictionary<ulong, string> inodes)
    {
        var stat = Syscall.StatAt(top, name);
        var text = new StringBuilder();
        var path = PathBytes.Decode(name);
        text.Append(CultureInfo.InvariantCulture, $"{path} {stat.Kind} {(int)stat.Mode:x} {stat.Uid}:{stat.Gid} {stat.ModifyTime} dev {stat.DeviceItself}");
        if (stat.Kind == FileKind.Regular)
            text.Append(CultureInfo.InvariantCulture, $" {stat.SizeBytes} {DataOf(top, name)}");

        if (stat.Kind == FileKind.SymbolicLink)
            text.Append(CultureInfo.InvariantCulture, $" -> {PathBytes.Decode(Syscall.ReadLinkAt(top, name))}");

        if (stat.LinkCount > 1 && stat.Kind != FileKind.Directory)
        {
            inodes.TryAdd(stat.Inode, path);
            text.Append(CultureInfo.InvariantCulture, $" {stat.LinkCount} names, of {inodes[stat.Inode]}");
        }

        var attributes = new List<string>();
        foreach (var attribute in Syscall.ListXattrAt(top, name))
            attributes.Add($"{PathBytes.Decode(attribute)}={Convert.ToHexString(Syscall.TryGetXattrAt(top, name, attribute)!)}");

        return text.Append(' ').AppendJoin(' ', attributes.Order(StringComparer.Ordinal)).ToString();
    }

    // The content's digest and where the data is.
    static string DataOf(SafeFileHandle top, ReadOnlySpan<byte> name)
    {
        using var file = Syscall.OpenAt(top, name, OpenFlags.ReadOnly);
        var content = new byte[RandomAccess.GetLength(file)];
        Assert.Equal(content.Length, RandomAccess.Read(file, content, 0));
        var data = new StringBuilder(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content))[..8]);
        var end = 0L;
        while (end < content.Length && Syscall.TrySeekData(file, end) is { } start)
        {
            end = Syscall.Seek(file, start, SeekFrom.Hole);
            data.Append(CultureInfo.InvariantCulture, $" {start}-{end}");
        }

        return data.ToString();
    }
}
