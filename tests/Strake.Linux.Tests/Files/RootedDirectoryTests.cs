namespace Strake.Linux.Tests;

public sealed class RootedDirectoryTests
{
    [Theory]
    [InlineData("../secret", null, null)]
    [InlineData("/../../secret", null, null)]
    [InlineData("/file", "inside", "EXDEV")]
    [InlineData("dir/../file", "inside", "inside")]
    [InlineData("dir/../../file", "inside", "EXDEV")]
    [InlineData("absolute", null, "ELOOP")]
    [InlineData("upward", null, "ELOOP")]
    [InlineData("to-file", "inside", "ELOOP")]
    [InlineData("absolute-file", "inside", "ELOOP")]
    [InlineData("to-dir/deep", "deep", "ELOOP")]
    [InlineData("loop", "ELOOP", "ELOOP")]
    [InlineData("missing", null, null)]
    [InlineData("file/below", null, null)]
    public void No_path_leaves_the_directory(string path, string? inRoot, string? strict)
    {
        using var folder = Tree();

        Assert.Equal(inRoot, Read(folder, path, PathRule.InRoot));
        Assert.Equal(path.StartsWith("..", StringComparison.Ordinal) || path.StartsWith("/..", StringComparison.Ordinal) ? "EXDEV" : strict, Read(folder, path, PathRule.Strict));
    }

    [Theory]
    [InlineData(PathRule.InRoot)]
    [InlineData(PathRule.Strict)]
    public void A_magic_link_is_not_followed(PathRule rule)
    {
        using var folder = Tree();
        using var root = RootedDirectory.Open("/proc", rule);

        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => root.TryOpenFile("self/root/etc/passwd", OpenFlags.ReadOnly)).Errno);
    }

    [Theory]
    [InlineData(PathRule.InRoot)]
    [InlineData(PathRule.Strict)]
    public void Directories_are_made_as_far_as_they_are_missing(PathRule rule)
    {
        using var folder = Tree();
        using var root = RootedDirectory.Open(folder["root"], rule);

        using (var made = root.CreateDirectories("dir/a/b/c/", Permissions.Octal0755))
            Assert.EndsWith("/root/dir/a/b/c", Syscall.PathOf(made), StringComparison.Ordinal);

        using (var again = root.CreateDirectories("dir/a//b/./c", Permissions.Octal0755))
            Assert.EndsWith("/root/dir/a/b/c", Syscall.PathOf(again), StringComparison.Ordinal);

        Assert.Equal(Errno.ENOTDIR, Assert.Throws<LinuxException>(() => root.CreateDirectories("file/a", Permissions.Octal0755)).Errno);
    }

    [Fact]
    public void In_the_root_directories_are_made_through_links_and_never_above()
    {
        using var folder = Tree();
        using var root = RootedDirectory.Open(folder["root"], PathRule.InRoot);

        root.CreateDirectories("/to-dir/x/../y", Permissions.Octal0755).Dispose();
        root.CreateDirectories("../../../z", Permissions.Octal0755).Dispose();
        root.CreateDirectories("absolute-dir/w", Permissions.Octal0755).Dispose();

        Assert.True(Directory.Exists(folder["root/dir/x"]));
        Assert.True(Directory.Exists(folder["root/dir/y"]));
        Assert.True(Directory.Exists(folder["root/z"]));
        Assert.True(Directory.Exists(folder["root/dir/w"]));
        Assert.Throws<LinuxException>(() => root.CreateDirectories("upward/new", Permissions.Octal0755));
        Assert.Equal(["root", "secret"], Directory.GetFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void Strictly_nothing_is_made_through_a_link()
    {
        using var folder = Tree();
        using var root = RootedDirectory.Open(folder["root"], PathRule.Strict);

        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => root.CreateDirectories("to-dir/x", Permissions.Octal0755)).Errno);
        Assert.False(Directory.Exists(folder["root/dir/x"]));
    }

    [Theory]
    [InlineData("file", "root", "file")]
    [InlineData("dir/new/", "root/dir", "new")]
    [InlineData("/top", "root", "top")]
    [InlineData("to-dir//x", "root/dir", "x")]
    [InlineData("absolute", "root", "absolute")]
    public void The_parent_is_resolved_and_the_last_name_is_not(string path, string parent, string name)
    {
        using var folder = Tree();
        using var root = RootedDirectory.Open(folder["root"], PathRule.InRoot);

        using var directory = root.OpenParent(path, out var last);

        Assert.Equal(folder[parent], Syscall.PathOf(directory));
        Assert.Equal(PathBytes.Encode(name), last);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("dir/..")]
    [InlineData(".")]
    [InlineData("dir/./")]
    public void A_path_that_ends_with_no_name_has_no_parent_to_act_in(string path)
    {
        using var folder = Tree();
        using var root = RootedDirectory.Open(folder["root"], PathRule.InRoot);

        Assert.Throws<ArgumentException>(() => root.OpenParent(path, out _));
    }

    [Fact]
    public void A_link_can_be_looked_at_or_through()
    {
        using var folder = Tree();
        using var root = RootedDirectory.Open(folder["root"], PathRule.InRoot);
        using var strict = RootedDirectory.Open(folder["root"], PathRule.Strict);

        Assert.True(root.TryStat("to-file", out var link));
        Assert.True(root.TryStat("to-file", out var file, followLast: true));
        Assert.True(strict.TryStat("to-file", out var same));
        Assert.False(root.TryStat("upward", out _, followLast: true));
        Assert.Equal((FileKind.SymbolicLink, FileKind.Regular, FileKind.SymbolicLink), (link.Kind, file.Kind, same.Kind));
    }

    [Fact]
    public async Task A_directory_that_is_swapped_for_a_link_leads_nowhere_else()
    {
        using var folder = Tree();
        folder.MakeDirectory("outside");
        folder.MakeFile("outside/file", "SECRET");
        folder.MakeFile("root/dir/file", "inside");
        File.CreateSymbolicLink(folder["root/link"], folder["outside"]);
        using var rootHandle = folder.Open("root");
        using var root = RootedDirectory.Open(folder["root"], PathRule.Strict);
        using var over = new CancellationTokenSource();
        var swapping = Task.Run(
            () =>
            {
                while (!over.IsCancellationRequested)
                    Syscall.RenameAt(rootHandle, "dir", rootHandle, "link", RenameFlags.Exchange);
            },
            TestContext.Current.CancellationToken);

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var round = 0; round < 5000; round++)
            seen.Add(Read(root, "dir/file") ?? "none");

        await over.CancelAsync();
        await swapping;
        Assert.DoesNotContain("SECRET", seen);
        Assert.Contains("inside", seen);
    }

    // outside the root: secret; inside: file, dir/deep, and links of every kind
    static TemporaryDirectory Tree()
    {
        var folder = new TemporaryDirectory();
        folder.MakeFile("secret", "SECRET");
        folder.MakeDirectory("root/dir");
        folder.MakeFile("root/file", "inside");
        folder.MakeFile("root/dir/deep", "deep");
        File.CreateSymbolicLink(folder["root/absolute"], folder["secret"]);
        File.CreateSymbolicLink(folder["root/upward"], "../secret");
        File.CreateSymbolicLink(folder["root/to-file"], "dir/../file");
        File.CreateSymbolicLink(folder["root/absolute-file"], "/file");
        File.CreateSymbolicLink(folder["root/absolute-dir"], "/dir");
        File.CreateSymbolicLink(folder["root/to-dir"], "dir");
        File.CreateSymbolicLink(folder["root/loop"], "loop");
        return folder;
    }

    static string? Read(TemporaryDirectory folder, string path, PathRule rule)
    {
        using var root = RootedDirectory.Open(folder["root"], rule);
        return Read(root, path);
    }

    // The content, null for a missing file, or the error's name.
    static string? Read(RootedDirectory root, string path)
    {
        try
        {
            using var file = root.TryOpenFile(path, OpenFlags.ReadOnly);
            if (file is null)
                return null;

            var buffer = new byte[100];
            return PathBytes.Decode(buffer.AsSpan(0, RandomAccess.Read(file, buffer, 0)));
        }
        catch (LinuxException e)
        {
            return e.Errno.ToString();
        }
    }
}
