using System.Diagnostics;
using Strake.Conformance.FileSystems;
using Strake.Linux;

namespace Strake.Layers.Tests.Drivers;

/// <summary>What is composefs's alone.</summary>
public sealed class ComposefsDriverTests : IClassFixture<Ext4>, IDisposable
{
    readonly string _folder;
    readonly ComposefsDriver _driver;

    public ComposefsDriverTests(Ext4 fileSystem)
    {
        _folder = fileSystem.NewFolder();
        _driver = new ComposefsDriver(_folder);
        _driver.Probe();
    }

    public void Dispose() => _driver.Dispose();

    string Home => Path.Combine(_folder, "composefs");

    [Fact]
    public void A_content_that_many_layers_have_lies_there_once_and_goes_with_the_last_of_them()
    {
        var layers = Enumerable.Range(0, 3).Select(i => Sealed(("same", "content"), ("also", "content"), ($"own{i}", $"{i}"))).ToList();
        Assert.Equal(4, Contents().Length);
        _driver.Remove(layers[0]);
        Assert.Equal(3, Contents().Length);
        Assert.Equal("content", File.ReadAllText(Path.Combine(_driver.Content(layers[2]).Directory, "same")));
        _driver.Remove(layers[2]);
        _driver.Remove(layers[1]);
        Assert.Empty(Contents());
    }

    [Fact]
    public void A_sealed_layer_takes_contents_over_and_leaves_no_directory()
    {
        var layer = Sealed(("file", "content"));
        Assert.False(Directory.Exists(Path.Combine(Home, layer.ToString(), "diff")));
        Assert.Equal(1u, Syscall.StatAt(Syscall.WorkingDirectory, Assert.Single(Contents())).LinkCount);
    }

    [Fact]
    public void The_checker_of_the_format_finds_nothing_wrong_in_a_layers_images()
    {
        var layer = LayerId.New();
        _driver.Create(layer, []);
        var root = _driver.Content(layer).Directory;
        for (var i = 0; i < 500; i++)
        {
            Directory.CreateDirectory($"{root}/d{i % 20}/e{i % 7}");
            File.WriteAllText($"{root}/d{i % 20}/e{i % 7}/{i}", $"{i}");
        }

        using (var directory = Syscall.Open(root, OpenFlags.Directory)) Syscall.MknodAt(directory, "gone", FileKind.CharacterDevice, UnixFileMode.None);
        _driver.Seal([layer]);
        foreach (var name in new[] { "layer.erofs", "apart.erofs" })
        {
            using var fsck = Process.Start(new ProcessStartInfo("fsck.erofs", [Path.Combine(Home, layer.ToString(), name)]) { RedirectStandardOutput = true })!;
            fsck.StandardOutput.ReadToEnd();
            fsck.WaitForExit();
            Assert.Equal(0, fsck.ExitCode);
        }
    }

    // The tools' own view of an image: its tree, and which contents it needs.
    [Fact]
    public void The_tools_of_composefs_read_a_layers_image_as_it_was_meant()
    {
        var layer = LayerId.New();
        _driver.Create(layer, []);
        var root = _driver.Content(layer).Directory;
        Directory.CreateDirectory($"{root}/etc");
        File.WriteAllText($"{root}/etc/motd", "hello");
        File.SetUnixFileMode($"{root}/etc/motd", Permissions.Octal0600);
        File.WriteAllText($"{root}/empty", "");
        File.CreateSymbolicLink($"{root}/link", "etc/motd");
        using (var directory = Syscall.Open(root, OpenFlags.Directory))
        {
            Syscall.SetXattr(directory, "user.told\0"u8, "yes"u8);
            Syscall.MknodAt(directory, "null", FileKind.CharacterDevice, Permissions.Octal0644, new DeviceNumber(1, 3));
        }

        _driver.Seal([layer]);
        var image = Path.Combine(Home, layer.ToString(), "layer.erofs");
        var contents = Contents().Select(path => Path.GetRelativePath(Path.Combine(Home, "objects"), path)).ToList();
        Assert.Equal(contents, ComposefsInfo("objects", image));

        // Path, size, mode, number of links; then what it leads to or where its content is.
        var told = ComposefsInfo("dump", image).Select(line => line.Split(' ')).ToDictionary(fields => fields[0], fields => fields);
        Assert.Equal(["/", "/empty", "/etc", "/etc/motd", "/link", "/null"], told.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("5", "100600", "1", contents.Single()), (told["/etc/motd"][1], told["/etc/motd"][2], told["/etc/motd"][3], told["/etc/motd"][8]));
        Assert.Equal(("0", "100644", "-"), (told["/empty"][1], told["/empty"][2], told["/empty"][8]));
        Assert.Equal(("120777", "etc/motd"), (told["/link"][2], told["/link"][8]));
        Assert.Equal(("20644", "259"), (told["/null"][2], told["/null"][6]));
        Assert.Contains("user.told=yes", told["/"]);
    }

    [Fact]
    public void A_file_whose_mode_alone_was_changed_is_whole_in_the_writable_layer()
    {
        var below = Sealed(("file", "content"));
        var above = LayerId.New();
        _driver.Create(above, [below]);
        var target = Directory.CreateDirectory(Path.Combine(_folder, "target")).FullName;
        using (new Conformance.Layers.LayerMountPoint(target, _driver.Mounts(above, [below], LayerAccess.ReadWrite, target)))
            File.SetUnixFileMode(Path.Combine(target, "file"), Permissions.Octal0600);
        Assert.Equal("content", File.ReadAllText(Path.Combine(_driver.Content(above).Directory, "file")));
    }

    [Fact]
    public void What_is_mounted_to_look_at_layers_is_gone_after_a_new_start_and_comes_again()
    {
        var layer = Sealed(("file", "content"));
        Assert.NotEmpty(Directory.GetFiles(_driver.Content(layer).Directory));
        using var next = new ComposefsDriver(_folder);
        next.Probe();
        Assert.Empty(MountTable.Below(Home));
        Assert.Equal("content", File.ReadAllText(Path.Combine(next.Content(layer).Directory, "file")));
        next.Remove(layer);
        Assert.Empty(MountTable.Below(Home));
    }

    [Fact]
    public void Closing_takes_off_what_was_mounted_to_look_at_layers()
    {
        Assert.NotEmpty(Directory.GetFiles(_driver.Content(Sealed(("file", "content"))).Directory));
        Assert.NotEmpty(MountTable.Below(Home));
        _driver.Dispose();
        Assert.Empty(MountTable.Below(Home));
    }

    [Fact]
    public void A_content_that_lost_its_end_is_not_taken_for_whole()
    {
        Sealed(("file", "content"));
        using (var file = File.OpenWrite(Assert.Single(Contents()))) file.SetLength(3);
        var error = Assert.Throws<StrakeException>(() => Sealed(("other", "content")));
        Assert.Equal(ErrorKind.DataLoss, error.Kind);
    }

    [Fact]
    public void Where_it_cannot_work_the_probe_says_why_and_the_way_out()
    {
        using var mount = new Mount("tmpfs", "tmpfs", Directory.CreateDirectory(Path.Combine(_folder, "ro")).FullName, MountFlags.ReadOnly).Attach();
        using var refused = new ComposefsDriver(Path.Combine(_folder, "ro"));
        var error = Assert.Throws<StrakeException>(refused.Probe);
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
    }

    static List<string> ComposefsInfo(params string[] arguments)
    {
        Assert.SkipWhen(HostProgram.Find("composefs-info") is null, "the tools of composefs are not installed (package composefs, from Debian 14 on)");
        using var info = Process.Start(new ProcessStartInfo("composefs-info", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var lines = info.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        var errors = info.StandardError.ReadToEnd();
        info.WaitForExit();
        Assert.True(info.ExitCode == 0, errors);
        return lines;
    }

    LayerId Sealed(params (string Name, string Content)[] files)
    {
        var layer = LayerId.New();
        _driver.Create(layer, []);
        foreach (var (name, content) in files) File.WriteAllText(Path.Combine(_driver.Content(layer).Directory, name), content);
        _driver.Seal([layer]);
        return layer;
    }

    string[] Contents() => Directory.GetFiles(Path.Combine(Home, "objects"), "*", SearchOption.AllDirectories);
}
