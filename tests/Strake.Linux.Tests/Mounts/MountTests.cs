namespace Strake.Linux.Tests;

public sealed class MountTests
{
    [Fact]
    public void A_mount_is_shown_as_mount_8_shows_it()
    {
        var overlay = new Mount("overlay", "overlay", "/m", MountFlags.NoDevices | MountFlags.NoSetUid, "lowerdir=/a:/b");

        Assert.Equal("overlay on /m type overlay (rw,nosuid,nodev,lowerdir=/a:/b)", overlay.ToString());
        Assert.Equal("/a on /b type none (ro,bind)", Mount.Bind("/a", "/b", MountFlags.ReadOnly).ToString());
        Assert.Equal("/a on /b type none (rw,rbind)", Mount.Bind("/a", "/b", MountFlags.Recursive).ToString());
    }

    [Fact]
    public void The_end_of_the_scope_is_the_end_of_the_mount()
    {
        using var folder = new TemporaryDirectory();
        var target = folder.MakeDirectory("t");

        using (var scope = new Mount("tmpfs", "tmpfs", target).Attach())
        {
            Assert.Equal(target, scope.Target);
            Assert.True(MountTable.IsMountPoint(target));
        }

        Assert.False(MountTable.IsMountPoint(target));
    }

    [Fact]
    public void A_mount_that_is_in_use_leaves_the_tree_all_the_same()
    {
        using var folder = new TemporaryDirectory();
        var target = folder.MakeDirectory("t");
        var scope = new Mount("tmpfs", "tmpfs", target).Attach();
        using var file = Syscall.Open(folder["t/file"], OpenFlags.ReadWrite | OpenFlags.Create, Permissions.Octal0600);

        Assert.Equal(Errno.EBUSY, Assert.Throws<LinuxException>(() => Syscall.Unmount(target)).Errno);
        scope.Dispose();
        scope.Dispose();

        Assert.False(MountTable.IsMountPoint(target));
    }

    [Fact]
    public void A_released_mount_stays()
    {
        using var folder = new TemporaryDirectory();
        var target = folder.MakeDirectory("t");

        string released;
        using (var scope = new Mount("tmpfs", "tmpfs", target).Attach())
            released = scope.Release();

        Assert.True(MountTable.IsMountPoint(target));
        Assert.True(Syscall.TryUnmount(released));
        Assert.False(Syscall.TryUnmount(released));
    }

    [Fact]
    public void A_read_only_bind_keeps_what_the_source_s_mount_forbids()
    {
        using var folder = new TemporaryDirectory();
        using var source = new Mount("tmpfs", "tmpfs", folder.MakeDirectory("source"), MountFlags.NoExecute | MountFlags.NoDevices).Attach();
        folder.MakeFile("source/file", "content");
        using var bind = Mount.Bind(folder["source"], folder.MakeDirectory("bound"), MountFlags.ReadOnly | MountFlags.NoSetUid).Attach();

        var entry = Assert.Single(MountTable.Below(folder["bound"]));

        Assert.Equal(["ro", "nosuid", "nodev", "noexec"], entry.Options.Split(',')[..4]);
        Assert.Equal("content", File.ReadAllText(folder["bound/file"]));
        Assert.Throws<IOException>(() => File.WriteAllText(folder["bound/file"], "x"));
        File.WriteAllText(folder["source/file"], "the source can still be written");
    }

    [Fact]
    public void Propagation_is_set_after_the_mount()
    {
        using var folder = new TemporaryDirectory();
        using var shared = new Mount("tmpfs", "tmpfs", folder.MakeDirectory("shared"), MountFlags.Shared).Attach();
        using var slave = Mount.Bind(folder["shared"], folder.MakeDirectory("slave"), MountFlags.Slave).Attach();
        using var apart = Mount.Bind(folder["shared"], folder.MakeDirectory("private"), MountFlags.Private).Attach();
        folder.MakeDirectory("shared/below");

        using var below = new Mount("tmpfs", "tmpfs", folder["shared/below"]).Attach();

        Assert.StartsWith("shared:", Assert.Single(MountTable.Below(folder["shared"]), e => e.MountPoint.EndsWith("/shared", StringComparison.Ordinal)).OptionalFields, StringComparison.Ordinal);
        Assert.True(MountTable.IsMountPoint(folder["slave/below"]));
        Assert.False(MountTable.IsMountPoint(folder["private/below"]));
    }

    [Fact]
    public void A_mount_that_cannot_be_finished_is_taken_off_again()
    {
        using var folder = new TemporaryDirectory();
        var target = folder.MakeDirectory("t");
        var both = new Mount("tmpfs", "tmpfs", target, MountFlags.Shared | MountFlags.Private);

        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => both.Attach()).Errno);
        Assert.False(MountTable.IsMountPoint(target));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(120)]
    public void Overlay_stacks_any_number_of_layers(int count)
    {
        using var folder = new TemporaryDirectory();
        var layers = Enumerable.Range(0, count).Select(i => folder.MakeDirectory($"layer-with-a-rather-long-name-{i:D4}")).ToList();
        for (var i = 0; i < count; i++)
            File.WriteAllText(Path.Combine(layers[i], $"file{i}"), $"{i}");

        File.WriteAllText(Path.Combine(layers[0], "same"), "top");
        File.WriteAllText(Path.Combine(layers[^1], "same"), "bottom");
        var mount = Overlay(folder, string.Join(':', layers));

        using (mount.Attach())
        {
            Assert.Equal(count, Directory.GetFiles(folder["merged"], "file*").Length);
            Assert.Equal("top", File.ReadAllText(folder["merged/same"]));
            File.WriteAllText(folder["merged/new"], "new");
        }

        Assert.Equal(count > 100, mount.Data.Length > Environment.SystemPageSize);
        Assert.Equal("new", File.ReadAllText(folder["upper/new"]));
    }

    [Theory]
    [InlineData("a:b,c\\d")]
    [InlineData("plain")]
    public void Odd_names_of_layers_are_escaped_alike_in_short_and_long_options(string name)
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory(name);
        folder.MakeFile($"{name}/file", "found");
        folder.MakeDirectory($"{name}.upper");
        folder.MakeDirectory($"{name}.work");
        folder.MakeDirectory("merged");
        var filler = string.Concat(Enumerable.Repeat(":" + folder.MakeDirectory(new string('f', 200)), 1));
        foreach (var isLong in new[] { false, true })
        {
            var data = $"lowerdir={Layer(folder[name])}{(isLong ? string.Concat(Fillers(folder)) : filler)},"
                + $"upperdir={Option(folder[name + ".upper"])},workdir={Option(folder[name + ".work"])}";
            Assert.Equal(isLong, data.Length > Environment.SystemPageSize);

            using var scope = new Mount("overlay", "overlay", folder["merged"], MountFlags.None, data).Attach();

            Assert.Equal("found", File.ReadAllText(folder["merged/file"]));
            File.WriteAllText(folder[$"merged/new-{isLong}"], "");
            Assert.True(File.Exists(folder[$"{name}.upper/new-{isLong}"]));
        }
    }

    [Fact]
    public void Long_options_work_with_paths_longer_than_fsconfig_takes()
    {
        using var folder = new TemporaryDirectory();
        var deep = string.Join('/', Enumerable.Repeat(new string('d', 100), 4));
        var layers = Enumerable.Range(0, 12).Select(i => folder.MakeDirectory($"{deep}/{i}")).ToList();
        File.WriteAllText(Path.Combine(layers[^1], "file"), "found");

        using var scope = Overlay(folder, string.Join(':', layers), deep + "/").Attach();

        Assert.Equal("found", File.ReadAllText(folder["merged/file"]));
    }

    [Fact]
    public void What_the_kernel_refuses_of_long_options_it_says_in_words()
    {
        using var folder = new TemporaryDirectory();
        var layers = string.Concat(Fillers(folder))[1..];

        var exception = Assert.Throws<LinuxException>(() =>
            new Mount("overlay", "overlay", folder.MakeDirectory("merged"), MountFlags.None, $"lowerdir={layers},nonsense=1").Attach());

        Assert.Equal(Errno.EINVAL, exception.Errno);
        Assert.Contains("nonsense", exception.Message, StringComparison.Ordinal);
        Assert.False(MountTable.IsMountPoint(folder["merged"]));
    }

    [Fact]
    public void Options_that_mount_would_cut_off_are_refused()
    {
        using var folder = new TemporaryDirectory();

        var exception = Assert.Throws<LinuxException>(() =>
            Syscall.Mount("tmpfs", folder.Path, "tmpfs", MountFlags.None, new string('x', Environment.SystemPageSize)));

        Assert.Equal(Errno.E2BIG, exception.Errno);
    }

    [Fact]
    public void A_copy_of_a_mount_can_be_changed_before_it_is_in_the_tree()
    {
        using var folder = new TemporaryDirectory();
        using var source = new Mount("tmpfs", "tmpfs", folder.MakeDirectory("source")).Attach();
        folder.MakeFile("source/file", "seen");
        var target = folder.MakeDirectory("target");

        using var tree = Syscall.OpenTree(
            Syscall.WorkingDirectory, PathBytes.Encode(folder["source"]), OpenTreeFlags.Clone | OpenTreeFlags.Recursive);
        Syscall.MountSetAttr(tree, "\0"u8, AtFlags.EmptyPath | AtFlags.Recursive, MountAttributes.ReadOnly | MountAttributes.NoExecute);
        Syscall.MoveMount(tree, Syscall.WorkingDirectory, PathBytes.Encode(target));

        Assert.StartsWith("ro,noexec", Assert.Single(MountTable.Below(target)).Options, StringComparison.Ordinal);
        Assert.Equal("seen", File.ReadAllText(folder["target/file"]));
    }

    static Mount Overlay(TemporaryDirectory folder, string layers, string above = "")
    {
        var upper = folder.MakeDirectory(above + "upper");
        var work = folder.MakeDirectory(above + "work");
        return new("overlay", "overlay", folder.MakeDirectory("merged"), MountFlags.None, $"lowerdir={layers},upperdir={upper},workdir={work}");
    }

    static IEnumerable<string> Fillers(TemporaryDirectory folder) =>
        Enumerable.Range(0, 30).Select(i => ":" + folder.MakeDirectory($"{new string('f', 180)}{i}"));

    // As overlayfs wants it: a colon separates layers, a comma options; a backslash keeps them from it.
    static string Layer(string path) => Option(path).Replace(":", "\\:", StringComparison.Ordinal);

    static string Option(string path) =>
        path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);
}
