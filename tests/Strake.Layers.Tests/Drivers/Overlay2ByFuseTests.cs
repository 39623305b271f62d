using Strake.Conformance.Layers;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Layers.Tests.Drivers;

/// <summary>What is overlay2's where fuse-overlayfs mounts.</summary>
public sealed class Overlay2ByFuseTests : IDisposable
{
    static readonly OverlayKernel s_refusing = OverlayKernel.Own with { Probe = static _ => throw StrakeException.Unavailable("this kernel has no overlay") };

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strake-test-");

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => TreeRemoval.Remove(_folder.FullName);

    [Fact]
    public void Where_the_kernel_refuses_the_program_mounts_and_says_why()
    {
        var program = FuseOverlayfs.Path;
        var driver = Open(null, s_refusing);
        Assert.Contains(driver.Status, pair => pair is { Key: "Mounted by" } && string.Equals(pair.Value, program, StringComparison.Ordinal));
        Assert.Contains(driver.Warnings, warning => warning.Contains("this kernel has no overlay", StringComparison.Ordinal));
        using var mount = Mount(driver, LayerId.New());
        Assert.Equal("fuse.fuse-overlayfs", MountTable.Below(mount.Root).Single().Type);
    }

    [Fact]
    public void Where_the_kernel_does_not_refuse_it_mounts()
    {
        var driver = Open(null, OverlayKernel.Own);
        Assert.Contains(driver.Status, pair => pair is { Key: "Mounted by", Value: "the kernel" });
        Assert.Empty(driver.Warnings);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        var error = Assert.Throws<StrakeException>(() => Open("/nowhere/fuse-overlayfs", OverlayKernel.Own));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("/nowhere/fuse-overlayfs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_fails_is_quoted_and_nothing_is_left()
    {
        var failing = Path.Combine(_folder.FullName, "failing");
        File.WriteAllText(failing, "#!/bin/sh\necho it is out of order >&2\nexit 3\n");
        File.SetUnixFileMode(failing, Permissions.Octal0755);
        var error = Assert.Throws<StrakeException>(() => Open(failing, OverlayKernel.Own));
        Assert.Contains("it is out of order", error.Message, StringComparison.Ordinal);
        Assert.Equal(["empty"], Directory.GetFileSystemEntries(Path.Combine(_folder.FullName, "data", "overlay2")).Select(Path.GetFileName));
    }

    // The program marks an opaque directory with files of its own, which a later run, to which the kernel says yes, must know as well.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Its_own_marks_are_no_files_of_a_layer(bool isLaterReadByKernel)
    {
        var driver = Open(FuseOverlayfs.Path, OverlayKernel.Own);
        var (below, top) = (LayerId.New(), LayerId.New());
        driver.Create(below, []);
        Directory.CreateDirectory(Path.Combine(driver.Content(below).Directory, "replaced", "old"));
        driver.Seal([below]);
        driver.Create(top, [below]);
        using (var mount = Mount(driver, top, below))
        {
            Directory.Delete(Path.Combine(mount.Root, "replaced"), recursive: true);
            Directory.CreateDirectory(Path.Combine(mount.Root, "replaced"));
            File.WriteAllText(Path.Combine(mount.Root, "replaced", "new"), "");
        }

        Assert.True(File.Exists(Path.Combine(driver.Content(top).Directory, "replaced", ".wh..wh..opq")), "it has marks no more: the test is of no use");
        if (isLaterReadByKernel) driver = Open(null, OverlayKernel.Own);
        var changes = LayerDiff.Changes(driver.Content(top), [driver.Content(below)], Stop).Select(change => $"{change.Kind} {PathBytes.Decode(change.Path.Span)}");
        Assert.Equal(["Modified /replaced", "Added /replaced/new", "Deleted /replaced/old"], changes);
    }

    [Fact]
    public void Devices_work_as_they_do_in_the_kernels_overlays()
    {
        var driver = Open(FuseOverlayfs.Path, OverlayKernel.Own);
        var layer = LayerId.New();
        driver.Create(layer, []);
        using var mount = Mount(driver, layer);
        var device = Path.Combine(mount.Root, "null");
        Syscall.MknodAt(Syscall.WorkingDirectory, device, FileKind.CharacterDevice, Permissions.Octal0644, new DeviceNumber(1, 3));
        File.WriteAllText(device, "gone");
        Assert.Equal("", File.ReadAllText(device));
    }

    // What a commit reads is the layer's directory, not the mount.
    [Fact]
    public void What_was_written_is_in_the_layers_directory_at_once()
    {
        var driver = Open(FuseOverlayfs.Path, OverlayKernel.Own);
        var layer = LayerId.New();
        driver.Create(layer, []);
        using var mount = Mount(driver, layer);
        using var file = File.Create(Path.Combine(mount.Root, "file"));
        RandomAccess.Write(file.SafeFileHandle, "written"u8, 0);
        Assert.Equal("written", File.ReadAllText(Path.Combine(driver.Content(layer).Directory, "file")));
    }

    Overlay2Driver Open(string? program, OverlayKernel kernel)
    {
        var driver = new Overlay2Driver(_folder.CreateSubdirectory("data").FullName, program, kernel);
        driver.Probe();
        return driver;
    }

    LayerMountPoint Mount(Overlay2Driver driver, LayerId layer, params LayerId[] parents)
    {
        if (!driver.List().Contains(layer)) driver.Create(layer, parents);
        var target = _folder.CreateSubdirectory("target").FullName;
        return new(target, driver.Mounts(layer, parents, LayerAccess.ReadWrite, target));
    }
}
