using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Containers;

/// <summary>`docker cp` both ways.</summary>
public sealed class CopyTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_goes_in_and_comes_out_whether_the_container_runs_or_not(bool running)
    {
        var name = await ContainerAsync(running);
        await Docker.OkAsync("cp", Engine.NewFile("content"), $"{name}:/tmp/in");
        var back = Engine.NewPath();
        await Docker.OkAsync("cp", $"{name}:/tmp/in", back);
        Assert.Equal("content", await ReadAsync(back));
    }

    [Fact]
    public async Task A_tree_goes_in_and_comes_out()
    {
        var name = await ContainerAsync(running: false);
        var folder = Engine.NewFolder();
        Directory.CreateDirectory(Path.Combine(folder.Here, "sub"));
        folder.Write("one", "1");
        folder.Write("sub/two", "2");
        await Docker.OkAsync("cp", folder.Here, $"{name}:/copied");
        var back = Engine.NewPath();
        await Docker.OkAsync("cp", $"{name}:/copied", back);
        Assert.Equal("12", await ReadAsync(Path.Combine(back, "one")) + await ReadAsync(Path.Combine(back, "sub/two")));
        await Docker.OkAsync("cp", folder.Here + "/.", $"{name}:/home");
        Assert.Equal("2", (await Engine.ShellAsync($"docker cp {name}:/home/sub/two - | tar -xO")).Ok());
    }

    [Fact]
    public async Task Into_a_directory_it_keeps_its_name()
    {
        var name = await SleeperAsync();
        var path = Engine.NewFile("x");
        await Docker.OkAsync("cp", path, $"{name}:/tmp/");
        await Docker.OkAsync("exec", name, "test", "-f", "/tmp/" + Path.GetFileName(path));
    }

    [Fact]
    public async Task Owner_and_mode_are_kept()
    {
        var name = await SleeperAsync();
        var path = Engine.NewFile("x");
        (await Engine.ShellAsync($"chown 1000:1000 {path}; chmod 640 {path}")).Ok();
        await Docker.OkAsync("cp", path, $"{name}:/tmp/plain");
        await Docker.OkAsync("cp", "-a", path, $"{name}:/tmp/kept");
        Assert.Equal("1000 1000 640\n1000 1000 640", await Docker.OkAsync("exec", name, "stat", "-c", "%u %g %a", "/tmp/plain", "/tmp/kept"));
    }

    [Fact]
    public async Task A_link_is_copied_as_a_link_and_with_L_what_it_points_to()
    {
        var name = await SleeperAsync();
        await Docker.OkAsync("exec", name, "sh", "-c", "echo target >/tmp/target; ln -s target /tmp/link");
        var (link, file) = (Engine.NewPath(), Engine.NewPath());
        await Docker.OkAsync("cp", $"{name}:/tmp/link", link);
        Assert.Equal("target", new FileInfo(link).LinkTarget);
        await Docker.OkAsync("cp", "-L", $"{name}:/tmp/link", file);
        Assert.Equal("target\n", await ReadAsync(file));
    }

    [Fact]
    public async Task Links_are_followed_within_the_container_s_root_alone()
    {
        var name = await SleeperAsync();
        var outside = Engine.NewFolder();
        outside.Write("secret", "host");
        await Docker.OkAsync("exec", name, "sh", "-c", $"ln -s {outside.There} /escape; ln -s ../../../../../..{outside.There} /climb");
        await Docker.RefusedAsync("cp", $"{name}:/escape/secret", Engine.NewPath());
        await Docker.RefusedAsync("cp", $"{name}:/climb/secret", Engine.NewPath());
        await Docker.RunAsync("cp", Engine.NewFile("overwritten"), $"{name}:/escape/secret");
        Assert.Equal("host", outside.Read("secret"));
    }

    [Fact]
    public async Task Volumes_are_reached()
    {
        var volume = Engine.NewVolume();
        var name = await SleeperAsync("-v", $"{volume}:/data");
        await Docker.OkAsync("cp", Engine.NewFile("in volume"), $"{name}:/data/file");
        Assert.Equal("in volume", await BusyboxAsync("cat /data/file", "-v", $"{volume}:/data"));
    }

    [Fact]
    public async Task Into_a_read_only_container_nothing_is_copied()
    {
        var name = await SleeperAsync("--read-only");
        Assert.Contains("read-only", await Docker.RefusedAsync("cp", Engine.NewFile("x"), $"{name}:/tmp/x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_said_to_be_missing()
    {
        var name = await SleeperAsync();
        Assert.Contains("Could not find the file /missing in container", await Docker.RefusedAsync("cp", $"{name}:/missing", Engine.NewPath()), StringComparison.Ordinal);
        await Docker.RefusedAsync("cp", Engine.NewFile("x"), $"{name}:/missing/folder/x");
        Assert.Contains("No such container: missing", await Docker.RefusedAsync("cp", "missing:/x", Engine.NewPath()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tar_goes_in_by_standard_input_and_its_entries_stay_inside()
    {
        var name = await SleeperAsync();
        await Docker.OkAsync("exec", name, "mkdir", "/tmp/inside");
        await Engine.ShellAsync($"printf x >{Engine.Scratch}/plain && tar -C {Engine.Scratch} -P --transform 's,plain,../../climbed,' -cf - plain | docker cp - {name}:/tmp/inside");
        Assert.NotEqual(0, (await Docker.RunAsync("exec", name, "test", "-e", "/climbed")).Code);
        Assert.NotEqual(0, (await Docker.RunAsync("exec", name, "test", "-e", "/tmp/climbed")).Code);
    }

    static Task<string> ReadAsync(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);

    async Task<string> ContainerAsync(bool running)
    {
        if (running) return await SleeperAsync();
        var name = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", name, "--network", "none", "busybox");
        return name;
    }
}
