using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Images;

/// <summary>`docker export` and `docker import`: a container's files as one tar, a tar as an image.</summary>
public sealed class ImportExportTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task An_exported_container_imported_again_is_an_image_of_one_layer_with_its_files()
    {
        var container = Engine.NewContainer();
        await Docker.OkAsync("run", "--name", container, "--network", "none", "busybox", "sh", "-c", "echo kept >/kept; rm /etc/group");
        (await Engine.ShellAsync($"docker export {container} | docker import -c 'CMD [\"cat\",\"/kept\"]' -c 'ENV A=b' -m why - imported:one")).Ok();

        Assert.Equal("kept", await Docker.OkAsync("run", "--rm", "--network", "none", "imported:one"));
        Assert.Equal("gone b", await Docker.OkAsync("run", "--rm", "--network", "none", "imported:one", "sh", "-c", "test -e /etc/group || echo gone $A"));
        Assert.Equal("1", await Docker.ValueAsync("imported:one", "{{len .RootFS.Layers}}"));
        Assert.Equal("why", await Docker.ValueAsync("imported:one", "{{.Comment}}"));
        await Docker.OkAsync("rmi", "imported:one");
    }

    [Fact]
    public async Task An_export_to_a_file_is_a_tar_without_the_volumes_content()
    {
        var container = Engine.NewContainer();
        await Docker.OkAsync("run", "--name", container, "--network", "none", "-v", "/data", "busybox", "sh", "-c", "echo 1 >/data/hidden; echo 2 >/seen");
        var path = Engine.NewPath();
        await Docker.OkAsync("export", "-o", path, container);
        var names = (await Command.RunAsync("tar", ["-tf", path])).Lines;
        Assert.Contains("seen", names);
        Assert.DoesNotContain("data/hidden", names);
    }

    [Fact]
    public async Task A_tar_from_a_file_is_imported_and_a_gzipped_one_too()
    {
        var folder = Engine.NewFolder();
        folder.Write("file", "text");
        foreach (var option in (string[])["-cf", "-czf"])
        {
            var path = Engine.NewPath();
            (await Command.RunAsync("tar", ["-C", folder.Here, option, path, "file"])).Ok();
            var id = await Docker.OkAsync("import", path, "imported:two");
            Assert.StartsWith("sha256:", id, StringComparison.Ordinal);
            Assert.Equal(id, await Docker.ValueAsync("imported:two", "{{.Id}}"));
        }
        await Docker.OkAsync("rmi", "imported:two");
    }

    [Fact]
    public async Task What_is_no_tar_is_not_imported()
    {
        Assert.NotEmpty(await Docker.RefusedAsync("import", Engine.NewFile(new string('x', 2000)), "imported:three"));
        Assert.Empty(await Docker.OkAsync("images", "-q", "imported:three"));
    }
}
