using Strake.Conformance.FileSystems;
using Strake.Layers;
using Strake.Linux;
using Xunit;

namespace Strake.Conformance.Layers;

public abstract partial class StorageDriverSuite
{
    [Fact]
    public void Two_layers_on_one_parent_do_not_see_each_other()
    {
        var below = Layer(null, root => File.WriteAllText($"{root}/file", "0"));
        using var first = Mount(Writable(below), LayerAccess.ReadWrite);
        using var second = Mount(Writable(below), LayerAccess.ReadWrite);
        File.WriteAllText($"{first.Root}/file", "1");
        File.WriteAllText($"{first.Root}/new", "1");
        Assert.Equal("0", File.ReadAllText($"{second.Root}/file"));
        File.Delete($"{second.Root}/file");
        Assert.Equal("1", File.ReadAllText($"{first.Root}/file"));
        Assert.Equal("", Names(second.Root));
        View(below, root => Assert.Equal("0", File.ReadAllText($"{root}/file")));
    }

    [Fact]
    public void A_parent_is_never_changed()
    {
        var below = Layer(null, root =>
        {
            MakeFile(root, "file", "content");
            Link($"{root}/file", $"{root}/link");
            Directory.CreateDirectory($"{root}/directory/deep");
            File.WriteAllText($"{root}/directory/deep/file", "1");
            File.CreateSymbolicLink($"{root}/symbolic", "file");
        });
        var before = TreeImage.Of(Driver.Content(below.Top).Directory);

        Layer(below, root =>
        {
            File.AppendAllText($"{root}/file", "more");
            File.SetUnixFileMode($"{root}/link", Permissions.Octal0600);
            File.Delete($"{root}/symbolic");
            File.WriteAllText($"{root}/directory/deep/file", "2");
            File.WriteAllText($"{root}/directory/deep/new", "2");
            Directory.Delete($"{root}/directory", recursive: true);
            Syscall.ChownAt(Syscall.WorkingDirectory, PathBytes.Encode(root), 12, 34);
        });

        Assert.Equal(before, TreeImage.Of(Driver.Content(below.Top).Directory));
    }

    [Fact]
    public void Removing_a_layer_leaves_its_sibling_and_its_parent()
    {
        var below = Layer(null, root => File.WriteAllText($"{root}/below", "0"));
        var first = Layer(below, root => File.WriteAllText($"{root}/first", "1"));
        var second = Layer(below, root => File.WriteAllText($"{root}/second", "2"));
        Driver.Remove(first.Top);
        View(second, root => Assert.Equal("below second", Names(root)));
        View(below, root => Assert.Equal("below", Names(root)));
    }

    [Fact]
    public void A_mounted_layer_keeps_working_while_its_siblings_come_and_go()
    {
        var below = Layer(null, root => File.WriteAllText($"{root}/below", "0"));
        using var mount = Mount(Writable(below), LayerAccess.ReadWrite);
        for (var i = 0; i < 5; i++)
        {
            var other = Layer(below, root => File.WriteAllText($"{root}/below", $"{i}"));
            File.WriteAllText($"{mount.Root}/{i}", "");
            Driver.Remove(other.Top);
        }

        Assert.Equal("0 1 2 3 4 below", Names(mount.Root));
    }
}
