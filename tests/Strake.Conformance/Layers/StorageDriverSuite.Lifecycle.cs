using Strake.Conformance.FileSystems;
using Strake.Layers;
using Strake.Linux;
using Strake.State;
using Xunit;

namespace Strake.Conformance.Layers;

public abstract partial class StorageDriverSuite
{
    [Fact]
    public void A_layer_on_nothing_is_an_empty_directory_that_everyone_may_enter()
    {
        var layer = Writable(below: null);
        View(layer, root =>
        {
            Assert.Equal("", Names(root));
            var stat = StatOf(root);
            Assert.Equal(Permissions.Octal0755, stat.Mode);
            Assert.Equal((0u, 0u), (stat.Uid, stat.Gid));
        });
    }

    [Fact]
    public void What_is_written_is_there_when_mounted_again()
    {
        var layer = Writable(below: null);
        using (var mount = Mount(layer, LayerAccess.ReadWrite)) File.WriteAllText($"{mount.Root}/file", "1");
        using (var mount = Mount(layer, LayerAccess.ReadWrite))
        {
            Assert.Equal("1", File.ReadAllText($"{mount.Root}/file"));
            File.WriteAllText($"{mount.Root}/other", "2");
        }

        View(layer, root => Assert.Equal("file other", Names(root)));
    }

    [Fact]
    public void A_read_only_mount_refuses_writes()
    {
        var below = Layer(null, root => File.WriteAllText($"{root}/file", "1"));
        foreach (var layer in new[] { below, Writable(below) })
        {
            View(layer, root =>
            {
                Assert.Equal(Errno.EROFS, ErrnoOf(() => Syscall.MkdirAt(Syscall.WorkingDirectory, $"{root}/new", Permissions.Octal0755)));
                Assert.Equal(Errno.EROFS, ErrnoOf(() => Syscall.UnlinkAt(Syscall.WorkingDirectory, $"{root}/file")));
            });
        }
    }

    [Fact]
    public void A_layer_may_be_looked_at_through_several_mounts()
    {
        var layer = Layer(null, root => File.WriteAllText($"{root}/file", "1"));
        using var first = Mount(layer, LayerAccess.ReadOnly);
        using var second = Mount(layer, LayerAccess.ReadOnly);
        Assert.Equal("1", File.ReadAllText($"{first.Root}/file"));
        Assert.Equal("1", File.ReadAllText($"{second.Root}/file"));
    }

    [Fact]
    public void The_mounts_depend_on_nothing_but_their_arguments()
    {
        var below = Layer(null, root => File.WriteAllText($"{root}/file", "1"));
        var layer = Writable(below);
        var before = Driver.Mounts(layer.Top, layer.Parents, LayerAccess.ReadWrite, "/mnt");
        Driver.Remove(layer.Top);
        Assert.Equal(before, Driver.Mounts(layer.Top, layer.Parents, LayerAccess.ReadWrite, "/mnt"));
    }

    [Fact]
    public void Creating_again_keeps_what_was_written()
    {
        var below = Layer(null, root => File.WriteAllText($"{root}/below", "1"));
        var layer = Writable(below);
        using (var mount = Mount(layer, LayerAccess.ReadWrite))
        {
            File.WriteAllText($"{mount.Root}/file", "1");
            File.SetUnixFileMode(mount.Root, Permissions.Octal0711);
        }

        Driver.Create(layer.Top, layer.Parents);
        View(layer, root =>
        {
            Assert.Equal("below file", Names(root));
            Assert.Equal(Permissions.Octal0711, StatOf(root).Mode);
        });
    }

    [Fact]
    public void Creating_completes_what_a_crash_left_half_made()
    {
        var below = Layer(null, root => File.WriteAllText($"{root}/below", "1"));
        for (var part = 0; ; part++)
        {
            var layer = Writable(below);
            var made = PartsOf(layer.Top);
            if (part == made.Count) break;
            TreeRemoval.Remove(made[part]);
            Assert.Contains(layer.Top, Driver.List());
            Driver.Create(layer.Top, layer.Parents);
            using (var mount = Mount(layer, LayerAccess.ReadWrite)) File.WriteAllText($"{mount.Root}/file", "1");
            View(layer, root => Assert.Equal("below file", Names(root)));
        }
    }

    [Fact]
    public void Removing_finishes_what_a_crash_left_half_removed()
    {
        var below = Layer(null, root => File.WriteAllText($"{root}/below", "1"));
        for (var part = 0; ; part++)
        {
            var layer = Writable(below);
            var made = PartsOf(layer.Top);
            if (part == made.Count) break;
            TreeRemoval.Remove(made[part]);
            Driver.Remove(layer.Top);
            Assert.DoesNotContain(layer.Top, Driver.List());
        }
    }

    [Fact]
    public void Removing_takes_all_of_a_layer_and_may_be_repeated()
    {
        var before = TreeImage.Of(DataRoot).Count;
        var layer = Layer(null, root =>
        {
            Directory.CreateDirectory($"{root}/a/b/c");
            File.WriteAllText($"{root}/a/b/file", "1");
        });
        Assert.Equal([layer.Top], Driver.List());
        Driver.Remove(layer.Top);
        Driver.Remove(layer.Top);
        Assert.Empty(Driver.List());
        Assert.Equal(before, TreeImage.Of(DataRoot).Count);
    }

    [Fact]
    public void Removing_a_layer_that_never_was_does_nothing() => Driver.Remove(LayerId.New());

    [Fact]
    public void Removing_does_not_follow_links()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_folder, "outside")).FullName;
        File.WriteAllText($"{outside}/file", "1");
        var layer = Layer(null, root =>
        {
            File.CreateSymbolicLink($"{root}/link", outside);
            File.CreateSymbolicLink($"{root}/file", $"{outside}/file");
        });
        Driver.Remove(layer.Top);
        Assert.Equal("1", File.ReadAllText($"{outside}/file"));
    }

    [Fact]
    public void An_id_may_be_used_again_after_removal()
    {
        var layer = Layer(null, root => File.WriteAllText($"{root}/old", "1"));
        Driver.Remove(layer.Top);
        Driver.Create(layer.Top, []);
        View(layer, root => Assert.Equal("", Names(root)));
    }

    [Fact]
    public void Sealing_takes_several_layers_and_may_be_repeated()
    {
        var first = Layer(null, root => File.WriteAllText($"{root}/file", "1"));
        var second = Layer(first, root => File.WriteAllText($"{root}/file", "2"));
        Driver.Seal([first.Top, second.Top]);
        Driver.Seal([]);
        View(second, root => Assert.Equal("2", File.ReadAllText($"{root}/file")));
    }

    [Fact]
    public void The_list_has_each_layer_once()
    {
        Assert.Empty(Driver.List());
        var ids = Enumerable.Range(0, 5).Select(_ => Writable(below: null).Top).ToList();
        Assert.Equal(ids.Select(id => id.ToString()).Order(), Driver.List().Select(id => id.ToString()).Order());
    }

    [Fact]
    public void Another_driver_object_finds_the_same_layers()
    {
        var layer = Layer(null, root => File.WriteAllText($"{root}/file", "1"));
        var other = Open(DataRoot);
        other.Probe();
        Assert.Equal([layer.Top], other.List());
        Assert.Equal(Driver.Content(layer.Top), other.Content(layer.Top));
    }

    [Fact]
    public void Probing_leaves_nothing_and_may_be_repeated()
    {
        var before = TreeImage.Of(DataRoot).Count;
        Driver.Probe();
        Assert.Equal(before, TreeImage.Of(DataRoot).Count);
        Assert.Empty(Driver.List());
        Assert.Empty(MountTable.Below(DataRoot));
    }

    [Fact]
    public void Usage_counts_files_once_and_ignores_what_is_below()
    {
        var below = Layer(null, root => File.WriteAllBytes($"{root}/below", new byte[1000]));
        var layer = Layer(below, root =>
        {
            Directory.CreateDirectory($"{root}/directory");
            File.WriteAllBytes($"{root}/directory/file", new byte[5000]);
            Syscall.LinkAt(Syscall.WorkingDirectory, PathBytes.Encode($"{root}/directory/file"), Syscall.WorkingDirectory, PathBytes.Encode($"{root}/again"));
            File.CreateSymbolicLink($"{root}/link", "directory");
        });

        var whole = Driver.Content(layer.Top).Whiteouts == WhiteoutForm.Absent;
        Assert.Equal(new LayerUsage(whole ? 6000 : 5000, whole ? 4 : 3), Driver.Measure(layer.Top));
    }

    [Fact]
    public void More_parents_than_a_mount_can_stack_are_refused_and_nothing_is_left()
    {
        if (Driver.Traits.MaxParents == 0) return;
        var parents = Enumerable.Range(0, Driver.Traits.MaxParents + 1).Select(_ => LayerId.New()).ToList();
        var error = Assert.Throws<StrakeException>(() => Driver.Create(LayerId.New(), parents));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Empty(Driver.List());
    }

    [Fact]
    public void Layers_are_created_and_removed_at_once()
    {
        var below = Layer(null, root => File.WriteAllText($"{root}/below", "1"));
        Parallel.For(0, 40, i =>
        {
            var id = LayerId.New();
            Driver.Create(id, below.All);
            Driver.Create(id, below.All);
            Driver.Measure(id);
            Driver.Remove(id);
        });
        Assert.Equal([below.Top], Driver.List());
        View(below, root => Assert.Equal("below", Names(root)));
    }

    [Fact]
    public void Nobody_but_root_reaches_a_layer_past_the_drivers_directory()
    {
        var layer = Layer(null, root => File.WriteAllText($"{root}/file", "1"));
        var content = Driver.Content(layer.Top).Directory;
        Assert.StartsWith($"{DataRoot}/{Driver.Name}/", content, StringComparison.Ordinal);
        Assert.Equal(Permissions.Octal0700, StatOf($"{DataRoot}/{Driver.Name}").Mode);
    }

    [Fact]
    public void A_layer_may_be_written_through_its_content_before_its_parents_are_known()
    {
        if (!Driver.Traits.WritesWithoutParents) return;
        var below = Layer(null, root => File.WriteAllText($"{root}/below", "1"));
        var layer = LayerId.New();
        Driver.Create(layer, []);
        File.WriteAllText($"{Driver.Content(layer).Directory}/file", "2");
        Driver.Rebase(layer, below.All);
        Driver.Rebase(layer, below.All);
        Driver.Seal([layer]);
        View(new LayerStack(layer, below.All), root => Assert.Equal("below file", Names(root)));
    }

    /// <summary>What the layer's folder consists of, with nothing mounted in it: the suite removes a part to stand for a crash.</summary>
    protected virtual IReadOnlyList<string> PartsOf(LayerId id)
    {
        var folder = $"{DataRoot}/{Driver.Name}/{id}";
        foreach (var mount in MountTable.Below(folder).Reverse()) Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach);
        return [.. Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)];
    }

    static Errno ErrnoOf(Action action) => Assert.Throws<LinuxException>(action).Errno;
}
