using System.Diagnostics;
using System.Text;
using Strake.Conformance.FileSystems;
using Strake.Layers.Erofs;
using Strake.Linux;

namespace Strake.Layers.Tests.Drivers;

/// <summary>Images that the kernel mounts as they were meant, and in which the format's own checker finds nothing wrong.</summary>
public sealed class ErofsImageTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("strake-test-").FullName;

    public void Dispose() => ScratchFileSystem.Remove(_folder);

    [Fact]
    public void An_empty_tree_is_an_image() => AssertHeld(NewDirectory());

    [Fact]
    public void Every_kind_of_file_is_held_with_all_that_is_known_of_it()
    {
        var root = NewDirectory();
        var linked = NewFile(5);
        Add(root, "fifo", FileOf(FileKind.Fifo));
        Add(root, "socket", FileOf(FileKind.Socket));
        Add(root, "character", FileOf(FileKind.CharacterDevice, new DeviceNumber(1, 3)));
        Add(root, "block", FileOf(FileKind.BlockDevice, new DeviceNumber(259, 70_000)));
        Add(root, "whiteout", FileOf(FileKind.CharacterDevice));
        Add(root, "a", linked);
        Add(root, "b", linked);
        Add(root, "empty", NewFile(0));
        Add(root, "link", LinkTo("a"));
        var attributes = NewFile(1);
        attributes.Xattrs.Add(([.. "user.text"u8], [.. "value"u8]));
        attributes.Xattrs.Add(([.. "trusted.empty"u8], []));
        attributes.Xattrs.Add(([.. "security.capability"u8], [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        attributes.Xattrs.Add(([.. "trusted.large"u8], new byte[3000]));
        Add(root, "attributes", attributes);
        AssertHeld(root);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(70_000)]
    [InlineData((1L << 43) + 1)]
    public void A_file_is_as_long_as_it_is_said_to_be(long size)
    {
        var root = NewDirectory();
        Add(root, "file", NewFile(size));
        AssertHeld(root);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(150)]
    [InlineData(5000)]
    public void Directories_of_any_size_are_held_and_names_found(int count)
    {
        var root = NewDirectory();
        var directory = NewDirectory();
        Add(root, "directory", directory);
        for (var i = 0; i < count; i++) Add(directory, $"{(i % 3 == 0 ? "!" : "name")}{i}", NewFile(i));
        Add(directory, new string('x', 255), NewFile(1));
        AssertHeld(root);
    }

    // Each length of a name moves the border at which a tail no longer fits behind its inode.
    [Fact]
    public void Tails_lie_behind_their_inodes_or_in_blocks_of_their_own()
    {
        var root = NewDirectory();
        for (var length = 3800; length < 4096; length += 5) Add(root, $"link{length}", LinkTo(new string('x', length)));
        for (var i = 1; i < 60; i++)
        {
            var directory = NewDirectory();
            Add(root, $"d{i}", directory);
            for (var j = 0; j < i; j++) Add(directory, $"{j:d50}", NewFile(j));
        }

        AssertHeld(root);
    }

    [Fact]
    public void Names_and_links_need_not_be_text()
    {
        var root = NewDirectory();
        root.Children.Add([0xFF, 0xFE, (byte)' '], new() { Kind = FileKind.SymbolicLink, LinkTarget = [0xFF, (byte)'/', 0x80], Mode = Permissions.Octal0777 });
        AssertHeld(root);
    }

    [Fact]
    public void A_deep_tree_is_held()
    {
        var root = NewDirectory();
        var at = root;
        for (var i = 0; i < 300; i++) at = Add(at, "d", NewDirectory());
        AssertHeld(root);
    }

    [Fact]
    public void The_same_tree_makes_the_same_bytes()
    {
        var (first, second) = (NewDirectory(), NewDirectory());
        string[] names = ["b", "a", "c"];
        foreach (var name in names) Add(first, name, NewFile(1));
        foreach (var name in names.Reverse()) Add(second, name, NewFile(1));
        Assert.Equal(ErofsImage.Of(first), ErofsImage.Of(second));
    }

    [Fact]
    public void An_attribute_without_a_place_in_the_format_is_refused()
    {
        var root = NewDirectory();
        root.Xattrs.Add(([.. "strange.name"u8], []));
        Assert.Equal(ErrorKind.NotSupported, Assert.Throws<StrakeException>(() => ErofsImage.Of(root)).Kind);
    }

    static ErofsFile NewDirectory() => new() { Kind = FileKind.Directory, Mode = Permissions.Octal0755, Uid = 1, Gid = 70_000, ModifyTime = new(1_000_000_000, 7) };

    static ErofsFile NewFile(long size) => new()
    {
        Kind = FileKind.Regular, Mode = Permissions.Octal0755 | UnixFileMode.SetUser, Uid = 3_000_000_000, Gid = 5, SizeBytes = size, ModifyTime = new(-5, 999_999_999),
    };

    static ErofsFile FileOf(FileKind kind, DeviceNumber device = default) =>
        new() { Kind = kind, Mode = Permissions.Octal0600, Device = device, ModifyTime = new(5_000_000_000) };

    static ErofsFile LinkTo(string target) => new() { Kind = FileKind.SymbolicLink, LinkTarget = Encoding.ASCII.GetBytes(target), Mode = Permissions.Octal0777 };

    static ErofsFile Add(ErofsFile directory, string name, ErofsFile file)
    {
        directory.Children.Add(Encoding.ASCII.GetBytes(name), file);
        return file;
    }

    void AssertHeld(ErofsFile root)
    {
        var image = Path.Combine(_folder, "image");
        File.WriteAllBytes(image, ErofsImage.Of(root));
        using (var fsck = Process.Start(new ProcessStartInfo("fsck.erofs", [image]) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            var output = fsck.StandardOutput.ReadToEnd() + fsck.StandardError.ReadToEnd();
            fsck.WaitForExit();
            Assert.True(fsck.ExitCode == 0, output);
        }

        var target = Directory.CreateDirectory(Path.Combine(_folder, "target")).FullName;
        using var mount = new Mount("erofs", image, target, MountFlags.ReadOnly).Attach();
        using var top = Syscall.Open(target, OpenFlags.Directory);
        AssertDirectory(top, root);
    }

    static void AssertDirectory(Microsoft.Win32.SafeHandles.SafeFileHandle directory, ErofsFile expected)
    {
        var names = new List<string>();
        using (var reader = new DirectoryReader(directory))
        {
            while (reader.Read())
            {
                names.Add(Convert.ToHexString(reader.Name));
                Assert.Equal(expected.Children[reader.Name.ToArray()].Kind, reader.Kind);
            }
        }

        Assert.Equal(expected.Children.Keys.Select(Convert.ToHexString).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        AssertFile(directory, ".\0"u8, expected);
        foreach (var (name, file) in expected.Children)
        {
            AssertFile(directory, PathBytes.Terminate(name), file);
            if (file.Kind != FileKind.Directory) continue;
            using var child = Syscall.OpenAt(directory, PathBytes.Terminate(name), OpenFlags.Directory | OpenFlags.NoFollow);
            AssertDirectory(child, file);
        }
    }

    static void AssertFile(Microsoft.Win32.SafeHandles.SafeFileHandle directory, ReadOnlySpan<byte> name, ErofsFile expected)
    {
        var stat = Syscall.StatAt(directory, name);
        Assert.Equal(
            (expected.Kind, expected.Mode, expected.Uid, expected.Gid, expected.ModifyTime, expected.Device),
            (stat.Kind, stat.Mode, stat.Uid, stat.Gid, stat.ModifyTime, stat.DeviceItself));
        if (expected.Kind == FileKind.Regular) Assert.Equal(expected.SizeBytes, stat.SizeBytes);
        if (expected.Kind == FileKind.SymbolicLink) Assert.Equal(expected.LinkTarget, Syscall.ReadLinkAt(directory, name));
        foreach (var (xattr, value) in expected.Xattrs) Assert.Equal(value, Syscall.TryGetXattrAt(directory, name, PathBytes.Terminate(xattr)));
    }
}
