using Strake.Conformance.FileSystems;
using Strake.Layers.Archive;
using Strake.Linux;
using Xunit;

namespace Strake.Conformance.Layers;

public abstract partial class StorageDriverSuite
{
    [Fact]
    public void A_layer_without_changes_tells_of_none()
    {
        var below = Layer(null, root => File.WriteAllText($"{root}/file", "1"));
        AssertToldAsFound(below, root => File.ReadAllText($"{root}/file"));
    }

    [Fact]
    public void New_changed_and_removed_files_are_told_as_a_walk_finds_them()
    {
        var below = Layer(null, root =>
        {
            Directory.CreateDirectory($"{root}/same");
            Directory.CreateDirectory($"{root}/d/deep");
            foreach (var name in new[] { "changed", "removed", "mode", "same/file", "d/deep/file" }) MakeFile(root, name, name);
        });
        AssertToldAsFound(below, root =>
        {
            File.WriteAllText($"{root}/changed", "2");
            File.Delete($"{root}/removed");
            File.SetUnixFileMode($"{root}/mode", Permissions.Octal0600);
            File.WriteAllText($"{root}/d/deep/new", "2");
            Directory.CreateDirectory($"{root}/new/deep");
        });
    }

    [Fact]
    public void Removed_and_replaced_directories_are_told_as_a_walk_finds_them()
    {
        var below = Layer(null, root =>
        {
            foreach (var name in new[] { "removed", "anew", "file", "renamed" })
            {
                Directory.CreateDirectory($"{root}/{name}/deep");
                MakeFile(root, $"{name}/deep/file", name);
                MakeFile(root, $"{name}/file", name);
            }

            MakeFile(root, "directory", "1");
        });
        AssertToldAsFound(below, root =>
        {
            foreach (var name in new[] { "removed", "anew", "file" }) Directory.Delete($"{root}/{name}", recursive: true);
            Directory.CreateDirectory($"{root}/anew");
            File.WriteAllText($"{root}/anew/file", "new");
            File.WriteAllText($"{root}/file", "new");
            File.Delete($"{root}/directory");
            Directory.CreateDirectory($"{root}/directory");
            MoveDirectory($"{root}/renamed", $"{root}/other");
        });
    }

    // What was in d/b was not told: below the directory that hides everything the overlay marks nothing.
    [Fact]
    public void What_a_directory_made_anew_has_again_is_told_without_what_was_in_it()
    {
        var below = Layer(null, root =>
        {
            Directory.CreateDirectory($"{root}/d/b/deep");
            MakeFile(root, "d/b/a", "1");
            MakeFile(root, "d/b/deep/file", "1");
        });
        AssertToldAsFound(below, root =>
        {
            Directory.Delete($"{root}/d", recursive: true);
            Directory.CreateDirectory($"{root}/d/b/deep");
        });
    }

    [Fact]
    public void Attributes_owners_and_devices_are_told_as_a_walk_finds_them()
    {
        var below = Layer(null, root =>
        {
            MakeFile(root, "attribute", "1");
            MakeFile(root, "owner", "1");
            File.CreateSymbolicLink($"{root}/link", "attribute");
            Syscall.MknodAt(Syscall.WorkingDirectory, $"{root}/device", FileKind.CharacterDevice, Permissions.Octal0644, new DeviceNumber(1, 3));
        });
        AssertToldAsFound(below, root =>
        {
            using (var file = Syscall.Open($"{root}/attribute", OpenFlags.ReadWrite)) Syscall.SetXattr(file, "trusted.strake", "1"u8);
            Syscall.ChownAt(Syscall.WorkingDirectory, PathBytes.Encode($"{root}/owner"), 1, 1);
            File.Delete($"{root}/link");
            File.CreateSymbolicLink($"{root}/link", "owner");
            File.Delete($"{root}/device");
            Syscall.MknodAt(Syscall.WorkingDirectory, $"{root}/device", FileKind.CharacterDevice, Permissions.Octal0644, new DeviceNumber(1, 5));
        });
    }

    [Fact]
    public void What_lies_several_layers_below_is_told_as_a_walk_finds_it()
    {
        var first = Layer(null, root =>
        {
            Directory.CreateDirectory($"{root}/d");
            foreach (var name in new[] { "d/a", "d/b", "d/c" }) MakeFile(root, name, name);
        });
        var second = Layer(first, root => File.Delete($"{root}/d/a"));
        var third = Layer(second, root => MakeFile(root, "d/e", "e"));
        AssertToldAsFound(third, root =>
        {
            MakeFile(root, "d/a", "again");
            File.Delete($"{root}/d/b");
            File.AppendAllText($"{root}/d/e", "more");
        });
    }

    void AssertToldAsFound(LayerStack below, Action<string> change)
    {
        SortedDictionary<string, string> before = [];
        View(below, root => before = TreeImage.Files(root, directoryTimes: false));
        var layer = Layer(below, change);
        SortedDictionary<string, string> after = [];
        View(layer, root => after = TreeImage.Files(root, directoryTimes: false));

        var told = LayerDiff.Changes(Driver.Content(layer.Top), [.. layer.Parents.Select(Driver.Content)], TestContext.Current.CancellationToken);
        Assert.Equal(
            TreeOracle.Changes(before, after),
            told.Select(one => $"{one.Kind switch { LayerChangeKind.Added => 'A', LayerChangeKind.Deleted => 'D', _ => 'C' }} {PathBytes.Decode(one.Path.Span)}"));
    }
}
