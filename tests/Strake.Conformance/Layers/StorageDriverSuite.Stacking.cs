using Strake.Layers;
using Strake.Linux;
using Xunit;

namespace Strake.Conformance.Layers;

public abstract partial class StorageDriverSuite
{
    [Fact]
    public void A_removed_file_is_hidden_and_may_come_back()
    {
        var first = Layer(null, root =>
        {
            File.WriteAllText($"{root}/a", "1");
            File.WriteAllText($"{root}/b", "1");
        });
        var second = Layer(first, root => File.Delete($"{root}/a"));
        View(second, root => Assert.Equal("b", Names(root)));
        var third = Layer(second, root => File.WriteAllText($"{root}/a", "3"));
        View(third, root => Assert.Equal("3", File.ReadAllText($"{root}/a")));
        View(first, root => Assert.Equal("a b", Names(root)));
    }

    // What containers are given to mount on is such a layer, at the bottom of each.
    [Fact]
    public void A_layer_that_was_never_sealed_may_lie_at_the_bottom()
    {
        if (!Driver.Traits.WritesWithoutParents) return;
        var bottom = Writable(below: null);
        File.WriteAllText($"{Driver.Content(bottom.Top).Directory}/bottom", "0");
        var image = Layer(null, root => File.WriteAllText($"{root}/file", "1"));
        var top = new LayerStack(LayerId.New(), [.. image.All, bottom.Top]);
        Driver.Create(top.Top, image.All);
        using (var mount = Mount(top, LayerAccess.ReadWrite))
        {
            Assert.Equal("bottom file", Names(mount.Root));
            File.Delete($"{mount.Root}/bottom");
        }

        View(top, root => Assert.Equal("file", Names(root)));
    }

    [Fact]
    public void A_removed_directory_is_hidden_with_all_in_it()
    {
        var first = Layer(null, root =>
        {
            Directory.CreateDirectory($"{root}/d/e");
            File.WriteAllText($"{root}/d/e/file", "1");
        });
        var second = Layer(first, root => Directory.Delete($"{root}/d", recursive: true));
        View(second, root => Assert.Equal("", Names(root)));
    }

    [Fact]
    public void A_directory_made_anew_is_empty_of_what_it_held_below()
    {
        var first = Layer(null, root =>
        {
            Directory.CreateDirectory($"{root}/d/e");
            File.WriteAllText($"{root}/d/old", "1");
            File.WriteAllText($"{root}/d/e/old", "1");
        });
        var second = Layer(first, root =>
        {
            Directory.Delete($"{root}/d", recursive: true);
            Directory.CreateDirectory($"{root}/d");
            File.WriteAllText($"{root}/d/new", "2");
        });
        View(second, root => Assert.Equal("d/ d/new", Names(root)));
        var third = Layer(second, root => Directory.CreateDirectory($"{root}/d/e"));
        View(third, root => Assert.Equal("d/ d/e/ d/new", Names(root)));
    }

    [Fact]
    public void A_directory_becomes_a_file_and_a_directory_again()
    {
        var first = Layer(null, root =>
        {
            Directory.CreateDirectory($"{root}/x");
            File.WriteAllText($"{root}/x/file", "1");
        });
        var second = Layer(first, root =>
        {
            Directory.Delete($"{root}/x", recursive: true);
            File.WriteAllText($"{root}/x", "2");
        });
        var third = Layer(second, root =>
        {
            File.Delete($"{root}/x");
            Directory.CreateDirectory($"{root}/x");
        });
        View(first, root => Assert.Equal("x/ x/file", Names(root)));
        View(second, root => Assert.Equal("2", File.ReadAllText($"{root}/x")));
        View(third, root => Assert.Equal("x/", Names(root)));
    }

    [Fact]
    public void A_symbolic_link_becomes_a_directory_and_a_link_again()
    {
        var first = Layer(null, root =>
        {
            Directory.CreateDirectory($"{root}/real");
            File.WriteAllText($"{root}/real/file", "1");
            File.CreateSymbolicLink($"{root}/x", "real");
        });
        var second = Layer(first, root =>
        {
            File.Delete($"{root}/x");
            Directory.CreateDirectory($"{root}/x");
            File.WriteAllText($"{root}/x/own", "2");
        });
        var third = Layer(second, root =>
        {
            Directory.Delete($"{root}/x", recursive: true);
            File.CreateSymbolicLink($"{root}/x", "/elsewhere");
        });
        View(second, root =>
        {
            Assert.Equal("own", Names($"{root}/x"));
            Assert.Equal("file", Names($"{root}/real"));
        });
        View(third, root => Assert.Equal("/elsewhere", new FileInfo($"{root}/x").LinkTarget));
    }

    [Fact]
    public void A_renamed_file_has_its_new_name_alone()
    {
        var first = Layer(null, root =>
        {
            Directory.CreateDirectory($"{root}/d");
            File.WriteAllText($"{root}/d/a", "1");
            File.WriteAllText($"{root}/victim", "0");
        });
        var second = Layer(first, root => File.Move($"{root}/d/a", $"{root}/victim", overwrite: true));
        View(second, root =>
        {
            Assert.Equal("d/ victim", Names(root));
            Assert.Equal("1", File.ReadAllText($"{root}/victim"));
        });
    }

    [Fact]
    public void A_renamed_directory_has_its_new_name_alone()
    {
        var first = Layer(null, root =>
        {
            Directory.CreateDirectory($"{root}/old/sub");
            File.WriteAllText($"{root}/old/sub/file", "1");
        });
        var second = Layer(first, root => MoveDirectory($"{root}/old", $"{root}/new"));
        View(second, root =>
        {
            Assert.Equal("new/ new/sub/ new/sub/file", Names(root));
            Assert.Equal("1", File.ReadAllText($"{root}/new/sub/file"));
        });
    }

    [Fact]
    public void The_same_name_is_removed_and_made_through_many_layers()
    {
        var stack = Layer(null, _ => { });
        for (var i = 0; i < 10; i++)
        {
            var round = i;
            stack = Layer(stack, root =>
            {
                if (round % 2 == 0) File.WriteAllText($"{root}/file", $"{round}");
                else File.Delete($"{root}/file");
            });
            View(stack, root => Assert.Equal(round % 2 == 0 ? "file" : "", Names(root)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    public void Layers_stack(int depth)
    {
        LayerStack? stack = null;
        for (var i = 0; i < depth; i++)
        {
            var number = i;
            stack = Layer(stack, root =>
            {
                File.WriteAllText($"{root}/{number}", "");
                File.WriteAllText($"{root}/top", $"{number}");
            });
        }

        View(stack!, root =>
        {
            Assert.Equal(depth + 1, Directory.GetFiles(root).Length);
            Assert.Equal($"{depth - 1}", File.ReadAllText($"{root}/top"));
        });
        var writable = Writable(stack);
        using var mount = Mount(writable, LayerAccess.ReadWrite);
        File.Delete($"{mount.Root}/top");
        Assert.Equal(depth, Directory.GetFiles(mount.Root).Length);
    }

    [Fact]
    public void Names_need_not_be_text()
    {
        byte[] name = [0xFF, 0xFE, (byte)' ', (byte)':', (byte)',', (byte)'\\', 0];
        var first = Layer(null, root =>
        {
            using var directory = Syscall.Open(root, OpenFlags.Directory);
            Syscall.MknodAt(directory, name, FileKind.Regular, Permissions.Octal0644);
        });
        View(first, root =>
        {
            using var directory = Syscall.Open(root, OpenFlags.Directory);
            Assert.True(Syscall.TryStatAt(directory, name, out _));
        });
        var second = Layer(first, root =>
        {
            using var directory = Syscall.Open(root, OpenFlags.Directory);
            Syscall.UnlinkAt(directory, name);
        });
        View(second, root => Assert.Equal("", Names(root)));
    }

    [Fact]
    public void A_whiteout_with_nothing_below_hides_nothing_and_is_not_seen()
    {
        var layer = LayerId.New();
        Driver.Create(layer, []);
        if (Driver.Content(layer).Whiteouts != WhiteoutForm.Overlay) return;
        using (var content = Syscall.Open(Driver.Content(layer).Directory, OpenFlags.Directory))
        {
            Syscall.MknodAt(content, "gone", FileKind.CharacterDevice, UnixFileMode.None);
            Syscall.MknodAt(content, "file", FileKind.Regular, Permissions.Octal0644);
        }

        View(new LayerStack(layer, []), root => Assert.Equal("file", Names(root)));
        using var mount = Mount(new LayerStack(layer, []), LayerAccess.ReadWrite);
        Assert.Equal("file", Names(mount.Root));
    }

    // As mv(1) does: where the kernel refuses to rename a directory of a lower layer (EXDEV), copy and remove.
    static void MoveDirectory(string source, string target)
    {
        try
        {
            Syscall.RenameAt(Syscall.WorkingDirectory, source, Syscall.WorkingDirectory, target);
        }
        catch (LinuxException e) when (e.Errno == Errno.EXDEV)
        {
            Directory.CreateDirectory(target);
            using (var from = Syscall.Open(source, OpenFlags.Directory))
            using (var to = Syscall.Open(target, OpenFlags.Directory))
                TreeCopy.Copy(from, to);
            TreeRemoval.Remove(source);
        }
    }
}
