using System.Globalization;

namespace Strake.Linux.Tests;

public sealed class TreeRemovalTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_tree_with_everything_in_it_goes_and_nothing_beside_it()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("outside");
        folder.MakeFile("outside/kept");
        folder.MakeDirectory("tree/a/b/c");
        folder.MakeDirectory("tree/empty");
        folder.MakeFile("tree/file");
        folder.MakeFile("tree/a/b/c/file");
        using (var tree = folder.Open("tree"))
        {
            Syscall.SymlinkAt("../outside", tree, "link");
            Syscall.SymlinkAt("nowhere", tree, "dangling");
            Syscall.MkfifoAt(tree, "fifo", Permissions.Octal0600);
            Syscall.MknodAt(tree, "socket", FileKind.Socket, Permissions.Octal0600);
            Syscall.MknodAt(tree, "device", FileKind.CharacterDevice, Permissions.Octal0600, new(1, 3));
            Syscall.MkdirAt(tree, [0xFF, (byte)'\n', 0], UnixFileMode.None);
        }

        TreeRemoval.Remove(folder["tree"], Token);
        TreeRemoval.Remove(folder["tree"], Token);
        TreeRemoval.Remove(folder["tree/a/b/c"], Token);

        Assert.Equal([folder["outside"]], Directory.GetFileSystemEntries(folder.Path));
        Assert.True(File.Exists(folder["outside/kept"]));
    }

    [Fact]
    public void A_file_and_a_link_are_removed_as_they_are()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("target");
        folder.MakeFile("file");
        File.CreateSymbolicLink(folder["link"], folder["target"]);

        TreeRemoval.Remove(folder["file"], Token);
        TreeRemoval.Remove(folder["link"] + "/", Token);

        Assert.Equal([folder["target"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("directory")]
    [InlineData("file")]
    [InlineData("itself")]
    public void Where_something_is_mounted_nothing_is_removed_and_the_mount_is_named(string where)
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("data");
        folder.MakeFile("data/precious");
        folder.MakeDirectory("tree/a");
        folder.MakeDirectory("tree/z/mounted");
        folder.MakeFile("tree/a/file");
        folder.MakeFile("tree/z/file");
        var (source, target) = where switch
        {
            "directory" => ("data", "tree/z/mounted"),
            "file" => ("data/precious", "tree/z/file"),
            _ => ("data", "tree"),
        };
        var before = where is "itself" ? [] : Directory.GetFileSystemEntries(folder["tree"], "*", SearchOption.AllDirectories);
        using var mount = Mount.Bind(folder[source], folder[target]).Attach();

        var exception = Assert.Throws<LinuxException>(() => TreeRemoval.Remove(folder["tree"], Token));

        Assert.Equal(Errno.EBUSY, exception.Errno);
        Assert.Equal(folder[target], exception.Path);
        Assert.True(File.Exists(folder["data/precious"]));
        mount.Dispose();
        if (before.Length > 0)
            Assert.Equal(before.Length, Directory.GetFileSystemEntries(folder["tree"], "*", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(33)]
    [InlineData(32)]
    public void Depth_has_no_bound_and_no_descriptor_is_left(int depth)
    {
        using var folder = new TemporaryDirectory();
        MakeDeep(folder, depth, "a-name-of-some-length");

        TreeRemoval.Remove(folder["deep"], Token);

        Assert.False(Directory.Exists(folder["deep"]));
        Assert.Equal(0, OpenDescriptors.Count(folder.Path));
    }

    [Fact]
    public void Names_without_number_go_too()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("tree");
        using (var tree = folder.Open("tree"))
        {
            for (var i = 0; i < 2000; i++)
            {
                Syscall.MknodAt(tree, i.ToString(CultureInfo.InvariantCulture), FileKind.Regular, Permissions.Octal0600);
                Syscall.MkdirAt(tree, $"directory{i}", Permissions.Octal0700);
            }
        }

        TreeRemoval.Remove(folder["tree"], Token);

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_directory_that_is_swapped_for_a_link_leads_nowhere_else()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("outside/below");
        folder.MakeFile("outside/kept");
        folder.MakeFile("outside/below/kept");
        using var top = folder.Open();
        for (var round = 0; round < 200; round++)
        {
            folder.MakeDirectory("tree/a/b");
            folder.MakeFile("tree/a/file");
            File.CreateSymbolicLink(folder["tree/link"], folder["outside"]);
            using var tree = folder.Open("tree");
            using var over = new CancellationTokenSource();
            var swapping = Task.Run(() => Swap(tree, over.Token), Token);

            try
            {
                TreeRemoval.Remove(folder["tree"], Token);
            }
            catch (LinuxException e) when (e.Errno is Errno.ESTALE or Errno.ENOTEMPTY)
            {
                // A race that is refused is right too; what matters is what stands outside.
            }

            await over.CancelAsync();
            await swapping;
            TreeRemoval.Remove(folder["tree"], Token);
            Assert.True(File.Exists(folder["outside/kept"]) && File.Exists(folder["outside/below/kept"]));
        }
    }

    [Fact]
    public async Task Two_may_remove_one_tree()
    {
        using var folder = new TemporaryDirectory();
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 40; i++)
            {
                folder.MakeDirectory($"tree/{i}/below");
                folder.MakeFile($"tree/{i}/file");
            }

            await Task.WhenAll(
                Task.Run(() => TreeRemoval.Remove(folder["tree"], Token), Token), Task.Run(() => TreeRemoval.Remove(folder["tree"], Token), Token));

            Assert.False(Directory.Exists(folder["tree"]));
        }
    }

    [Fact]
    public async Task What_cannot_be_removed_is_named()
    {
        using var folder = new TemporaryDirectory();
        using var disk = await FileSystemImage.MakeAsync(folder, "ext4", 4 * 1024 * 1024);
        var file = Path.Combine(disk.Path, "tree/a/immutable");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "", Token);
        await Chattr("+i", file);

        var exception = Assert.Throws<LinuxException>(() => TreeRemoval.Remove(Path.Combine(disk.Path, "tree"), Token));

        Assert.Equal((Errno.EPERM, file), (exception.Errno, exception.Path));
        await Chattr("-i", file);
        TreeRemoval.Remove(Path.Combine(disk.Path, "tree"), Token);
    }

    [Fact]
    public void A_cancelled_removal_can_be_repeated()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("tree/a");

        Assert.ThrowsAny<OperationCanceledException>(() => TreeRemoval.Remove(folder["tree"], new CancellationToken(canceled: true)));
        Assert.True(Directory.Exists(folder["tree/a"]));
        TreeRemoval.Remove(folder["tree"], Token);

        Assert.False(Directory.Exists(folder["tree"]));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/b")]
    public void What_is_no_name_is_refused(string name)
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();

        Assert.Throws<ArgumentException>(() => TreeRemoval.Remove(directory, PathBytes.Encode(name), Token));
    }

    [Fact]
    public void The_root_is_refused() => Assert.Throws<ArgumentException>(() => TreeRemoval.Remove("/", Token));

    internal static void MakeDeep(TemporaryDirectory folder, int depth, string name)
    {
        folder.MakeDirectory("deep");
        var current = folder.Open("deep");
        for (var i = 0; i < depth; i++)
        {
            Syscall.MkdirAt(current, name, Permissions.Octal0755);
            var next = Syscall.OpenAt(current, name, OpenFlags.Directory);
            current.Dispose();
            current = next;
        }

        Syscall.MknodAt(current, "bottom", FileKind.Regular, Permissions.Octal0600);
        current.Dispose();
    }

    static void Swap(Microsoft.Win32.SafeHandles.SafeFileHandle tree, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                Syscall.RenameAt(tree, "a", tree, "link", RenameFlags.Exchange);
            }
            catch (LinuxException)
            {
                // One of the two is removed by now.
                return;
            }
        }
    }

    static async Task Chattr(string change, string file)
    {
        var run = await ChildProcess.RunAsync(new() { Program = "/usr/bin/chattr", Arguments = [change, file] }, new(), Token);
        Assert.True(run.Status.IsSuccess, run.ErrorText);
    }
}
