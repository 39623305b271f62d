using Strake.Layers;
using Strake.Linux;
using Xunit;

namespace Strake.Conformance.Layers;

public abstract partial class StorageDriverSuite
{
    static readonly UnixTime LongAgo = new(1_000_000_000, 123_456_789);

    [Fact]
    public void Appending_keeps_what_the_file_was()
    {
        var first = Layer(null, root => File.WriteAllText($"{root}/file", "1"));
        var second = Layer(first, root => File.AppendAllText($"{root}/file", "2"));
        View(second, root => Assert.Equal("12", File.ReadAllText($"{root}/file")));
        View(first, root => Assert.Equal("1", File.ReadAllText($"{root}/file")));
    }

    [Fact]
    public void Changing_the_mode_keeps_content_owner_and_times_to_the_nanosecond()
    {
        var first = Layer(null, root => MakeFile(root, "file", "content"));
        var second = Layer(first, root => File.SetUnixFileMode($"{root}/file", Permissions.Octal0600));
        View(second, root =>
        {
            var stat = StatOf($"{root}/file");
            Assert.Equal((Permissions.Octal0600, 12u, 34u, LongAgo), (stat.Mode, stat.Uid, stat.Gid, stat.ModifyTime));
            Assert.Equal("content", File.ReadAllText($"{root}/file"));
        });
        View(first, root => Assert.Equal(Permissions.Octal0644, StatOf($"{root}/file").Mode));
    }

    [Fact]
    public void Changing_the_owner_keeps_content_mode_and_times()
    {
        var first = Layer(null, root => MakeFile(root, "file", "content"));
        var second = Layer(first, root => Syscall.ChownAt(Syscall.WorkingDirectory, PathBytes.Encode($"{root}/file"), 56, Syscall.KeepOwner));
        View(second, root =>
        {
            var stat = StatOf($"{root}/file");
            Assert.Equal((Permissions.Octal0644, 56u, 34u, LongAgo), (stat.Mode, stat.Uid, stat.Gid, stat.ModifyTime));
        });
    }

    [Fact]
    public void Changing_the_time_keeps_the_rest()
    {
        var first = Layer(null, root => MakeFile(root, "file", "content"));
        var later = new UnixTime(2_000_000_000, 1);
        var second = Layer(first, root => Syscall.UtimensAt(Syscall.WorkingDirectory, PathBytes.Encode($"{root}/file"), later, later));
        View(second, root =>
        {
            var stat = StatOf($"{root}/file");
            Assert.Equal((Permissions.Octal0644, 12u, 34u, later), (stat.Mode, stat.Uid, stat.Gid, stat.ModifyTime));
            Assert.Equal("content", File.ReadAllText($"{root}/file"));
        });
    }

    [Fact]
    public void Attributes_are_kept_when_the_file_is_changed()
    {
        // A file capability as setcap(8) writes it: version 2, cap_net_raw effective and permitted.
        byte[] capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var first = Layer(null, root =>
        {
            MakeFile(root, "file", "content");
            using var file = Syscall.Open($"{root}/file", OpenFlags.ReadWrite);
            Syscall.SetXattr(file, "trusted.strake", "1"u8);
            Syscall.SetXattr(file, "security.capability", capability);
        });
        var second = Layer(first, root => File.SetUnixFileMode($"{root}/file", Permissions.Octal0755));
        View(second, root =>
        {
            using var file = Syscall.Open($"{root}/file", OpenFlags.ReadOnly);
            Assert.Equal("1"u8.ToArray(), Syscall.TryGetXattr(file, "trusted.strake"));
            Assert.Equal(capability, Syscall.TryGetXattr(file, "security.capability"));
        });
    }

    [Fact]
    public void A_directory_keeps_mode_owner_and_special_bits_when_something_in_it_changes()
    {
        var mode = Permissions.Octal1777 | (KeepsSetGroupId ? UnixFileMode.SetGroup : UnixFileMode.None);
        var first = Layer(null, root =>
        {
            Directory.CreateDirectory($"{root}/tmp");
            File.WriteAllText($"{root}/tmp/old", "1");
            Syscall.ChownAt(Syscall.WorkingDirectory, PathBytes.Encode($"{root}/tmp"), 12, 34);
            Syscall.ChmodAt(Syscall.WorkingDirectory, $"{root}/tmp", mode);
        });
        var second = Layer(first, root => File.WriteAllText($"{root}/tmp/new", "2"));
        View(second, root =>
        {
            var stat = StatOf($"{root}/tmp");
            Assert.Equal((mode, 12u, 34u), (stat.Mode, stat.Uid, stat.Gid));
            Assert.Equal("new old", Names($"{root}/tmp"));
        });
    }

    [Fact]
    public void The_root_keeps_its_own_mode_and_owner()
    {
        var first = Layer(null, root =>
        {
            Syscall.ChownAt(Syscall.WorkingDirectory, PathBytes.Encode(root), 12, 34);
            File.SetUnixFileMode(root, Permissions.Octal0711);
        });
        View(first, root => Assert.Equal((Permissions.Octal0711, 12u), (StatOf(root).Mode, StatOf(root).Uid)));
    }

    [Fact]
    public void A_new_hard_link_to_a_file_below_is_the_same_file()
    {
        var first = Layer(null, root => MakeFile(root, "a", "1"));
        var second = Layer(first, root => Link($"{root}/a", $"{root}/b"));
        View(second, root =>
        {
            var (a, b) = (StatOf($"{root}/a"), StatOf($"{root}/b"));
            Assert.Equal(a.Inode, b.Inode);
            Assert.Equal(2u, b.LinkCount);
            Assert.Equal((Permissions.Octal0644, 12u, LongAgo), (b.Mode, b.Uid, b.ModifyTime));
        });
        using var mount = Mount(Writable(second), LayerAccess.ReadWrite);
        Assert.Equal("1", File.ReadAllText($"{mount.Root}/b"));
    }

    [Fact]
    public void Hard_links_made_in_a_layer_stay_one_file_in_it()
    {
        var layer = Writable(below: null);
        using (var mount = Mount(layer, LayerAccess.ReadWrite))
        {
            File.WriteAllText($"{mount.Root}/a", "1");
            Link($"{mount.Root}/a", $"{mount.Root}/b");
        }

        using var again = Mount(layer, LayerAccess.ReadWrite);
        File.AppendAllText($"{again.Root}/a", "2");
        Assert.Equal("12", File.ReadAllText($"{again.Root}/b"));
        Assert.Equal(2u, StatOf($"{again.Root}/a").LinkCount);
    }

    [Fact]
    public void Removing_one_of_two_names_leaves_the_other()
    {
        var first = Layer(null, root =>
        {
            File.WriteAllText($"{root}/a", "1");
            Link($"{root}/a", $"{root}/b");
        });
        var second = Layer(first, root => File.Delete($"{root}/a"));
        View(second, root =>
        {
            Assert.Equal("b", Names(root));
            Assert.Equal("1", File.ReadAllText($"{root}/b"));
        });
    }

    [Fact]
    public void Files_that_are_no_content_are_kept_and_change_as_others()
    {
        var first = Layer(null, root =>
        {
            using var directory = Syscall.Open(root, OpenFlags.Directory);
            Syscall.MknodAt(directory, "null", FileKind.CharacterDevice, Permissions.Octal0644, new DeviceNumber(1, 3));
            Syscall.MknodAt(directory, "block", FileKind.BlockDevice, Permissions.Octal0644, new DeviceNumber(7, 99));
            Syscall.MkfifoAt(directory, "fifo", Permissions.Octal0644);
            Syscall.MknodAt(directory, "socket", FileKind.Socket, Permissions.Octal0644);
            Syscall.SymlinkAt("nowhere", directory, "link");
        });
        var second = Layer(first, root =>
        {
            using var directory = Syscall.Open(root, OpenFlags.Directory);
            foreach (var name in (ReadOnlySpan<string>)(ChangesSpecialFiles ? ["null", "block", "fifo", "socket"] : []))
                Syscall.ChmodAt(directory, name, Permissions.Octal0600);
            Syscall.ChownAt(directory, "link\0"u8, 12, 34);
        });
        View(second, root =>
        {
            var mode = ChangesSpecialFiles ? Permissions.Octal0600 : Permissions.Octal0644;
            Assert.Equal((FileKind.CharacterDevice, new DeviceNumber(1, 3), mode), Device($"{root}/null"));
            Assert.Equal((FileKind.BlockDevice, new DeviceNumber(7, 99), mode), Device($"{root}/block"));
            Assert.Equal(FileKind.Fifo, StatOf($"{root}/fifo").Kind);
            Assert.Equal(FileKind.Socket, StatOf($"{root}/socket").Kind);
            Assert.Equal("nowhere", new FileInfo($"{root}/link").LinkTarget);
            Assert.Equal(12u, StatOf($"{root}/link").Uid);
        });
    }

    [Fact]
    public void A_file_is_cut_and_grown()
    {
        var first = Layer(null, root => File.WriteAllBytes($"{root}/file", new byte[100_000]));
        var second = Layer(first, root =>
        {
            using var file = File.Open($"{root}/file", FileMode.Open);
            file.SetLength(10);
            file.Seek(200_000, SeekOrigin.Begin);
            file.WriteByte(1);
        });
        View(second, root => Assert.Equal(200_001, new FileInfo($"{root}/file").Length));
        View(first, root => Assert.Equal(100_000, new FileInfo($"{root}/file").Length));
    }

    static void MakeFile(string root, string name, string content)
    {
        var path = PathBytes.Encode($"{root}/{name}");
        File.WriteAllText($"{root}/{name}", content);
        Syscall.ChownAt(Syscall.WorkingDirectory, path, 12, 34);
        Syscall.ChmodAt(Syscall.WorkingDirectory, path, Permissions.Octal0644);
        Syscall.UtimensAt(Syscall.WorkingDirectory, path, LongAgo, LongAgo);
    }

    static void Link(string source, string target) =>
        Syscall.LinkAt(Syscall.WorkingDirectory, PathBytes.Encode(source), Syscall.WorkingDirectory, PathBytes.Encode(target));

    static (FileKind, DeviceNumber, UnixFileMode) Device(string path)
    {
        var stat = StatOf(path);
        return (stat.Kind, stat.DeviceItself, stat.Mode);
    }
}
