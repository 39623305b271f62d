using System.Text;

namespace Strake.Linux.Tests;

public sealed class MountTableTests
{
    [Fact]
    public void The_example_of_the_man_page_is_read_field_by_field() =>
        Assert.Equal(
            new MountEntry(36, 35, new(98, 0), "/mnt1", "/mnt2", "rw,noatime", "master:1", "ext3", "/dev/root", "rw,errors=continue"),
            One("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue"));

    [Theory]
    [InlineData("1 1 0:1 / / rw - tmpfs none rw", "")]
    [InlineData("1 1 0:1 / / rw shared:1 - tmpfs none rw", "shared:1")]
    [InlineData("1 1 0:1 / / rw shared:12 master:3 propagate_from:2 - tmpfs none rw", "shared:12 master:3 propagate_from:2")]
    [InlineData("1 1 0:1 / / rw unbindable future:7 - tmpfs none rw", "unbindable future:7")]
    public void Optional_fields_may_be_none_or_many_or_unknown(string line, string optional) => Assert.Equal(optional, One(line).OptionalFields);

    [Theory]
    [InlineData(@"/a\040b", "/a b")]
    [InlineData(@"/tab\011newline\012backslash\134hash\043", "/tab\tnewline\nbackslash\\hash#")]
    [InlineData(@"/\303\251", "/é")]
    [InlineData(@"/\134040", @"/\040")]
    [InlineData(@"/end\04", @"/end\04")]
    [InlineData(@"/not\400octal\08x", @"/not\400octal\08x")]
    [InlineData(@"/-", "/-")]
    [InlineData("/a//deleted", "/a//deleted")]
    public void Octal_escapes_are_undone_once_and_only_where_they_are_whole(string written, string path)
    {
        var entry = One($"1 1 0:1 {written} {written} rw - tmpfs none rw");

        Assert.Equal((path, path), (entry.Root, entry.MountPoint));
    }

    [Fact]
    public void A_dash_in_a_name_is_no_separator() =>
        Assert.Equal(("-", "x"), One("1 1 0:1 - - rw - x - -") is var e ? (e.MountPoint, e.Type) : default);

    [Theory]
    [InlineData("1 1 0:1 / /x rw - tmpfs  rw", "", "rw")]
    [InlineData("1 1 0:1 / /x rw - tmpfs none", "none", "")]
    [InlineData("1 1 0:1 / /x rw - fuse.sshfs me@host:/a rw,user_id=0", "me@host:/a", "rw,user_id=0")]
    public void A_source_or_options_may_be_empty(string line, string source, string options)
    {
        var entry = One(line);

        Assert.Equal((source, options), (entry.Source, entry.SuperOptions));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public void Nothing_has_no_mounts(string text) => Assert.Empty(MountTable.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("x")]
    [InlineData("1 1 0:1 / /x rw shared:1 tmpfs none rw")]
    [InlineData("1 1 01 / /x rw - tmpfs none rw")]
    [InlineData("1 1 0:1x / /x rw - tmpfs none rw")]
    [InlineData("1x 1 0:1 / /x rw - tmpfs none rw")]
    [InlineData("-1 1 0:-1 / /x rw - tmpfs none rw")]
    [InlineData("1 99999999999 0:1 / /x rw - tmpfs none rw")]
    [InlineData("1 1 0:1 / /x rw -")]
    [InlineData("1 1 0:1 /  rw - tmpfs none rw")]
    public void What_is_no_line_of_mountinfo_is_refused_with_the_line(string line) =>
        Assert.Contains(line, Assert.Throws<FormatException>(() => One(line)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ro", true)]
    [InlineData("ro,nosuid", true)]
    [InlineData("rw,errors=remount-ro", false)]
    [InlineData("rootcontext=x", false)]
    public void Read_only_is_the_first_option(string options, bool expected) =>
        Assert.Equal(expected, One($"1 1 0:1 / /x {options} - tmpfs none rw").IsReadOnly);

    [Fact]
    public void The_table_of_this_process_has_its_root_and_proc()
    {
        var mounts = MountTable.Read();

        Assert.Contains(mounts, mount => string.Equals(mount.MountPoint, "/", StringComparison.Ordinal));
        Assert.Contains(mounts, mount => mount is { MountPoint: "/proc", Type: "proc" });
    }

    [Fact]
    public void A_mount_is_found_by_its_odd_name()
    {
        using var folder = new TemporaryDirectory();
        var target = folder.MakeDirectory("a b\t\\040 é");
        using var mount = new Mount("tmpfs", "tmpfs", target).Attach();

        Assert.Equal(target, Assert.Single(MountTable.Below(folder.Path)).MountPoint);
        Assert.True(MountTable.IsMountPoint(target));
    }

    [Fact]
    public void Only_the_root_of_a_mount_is_a_mount_point()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory("plain");
        folder.MakeDirectory("source");
        folder.MakeFile("source/file");
        folder.MakeDirectory("bound");
        folder.MakeFile("file");
        File.CreateSymbolicLink(folder["link"], folder["bound"]);
        using var directory = Mount.Bind(folder["source"], folder["bound"]).Attach();
        using var file = Mount.Bind(folder["source/file"], folder["file"]).Attach();

        Assert.True(MountTable.IsMountPoint("/"));
        Assert.True(MountTable.IsMountPoint(folder["bound"]));
        Assert.True(MountTable.IsMountPoint(folder["file"]));
        Assert.False(MountTable.IsMountPoint(folder["plain"]));
        Assert.False(MountTable.IsMountPoint(folder["link"]));
        Assert.False(MountTable.IsMountPoint(folder["bound/file"]));
        Assert.False(MountTable.IsMountPoint(folder["missing"]));
    }

    [Fact]
    public void Below_does_not_take_a_name_that_only_begins_alike()
    {
        using var folder = new TemporaryDirectory();
        using var one = new Mount("tmpfs", "one", folder.MakeDirectory("a")).Attach();
        using var two = new Mount("tmpfs", "two", folder.MakeDirectory("ab")).Attach();

        Assert.Equal("one", Assert.Single(MountTable.Below(folder["a/"])).Source);
    }

    static MountEntry One(string line) => Assert.Single(MountTable.Parse(Encoding.UTF8.GetBytes(line + "\n")));
}
