using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Volumes;

/// <summary>`-v`, `--mount` and `--tmpfs`: what appears where in a container.</summary>
public sealed class MountTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task A_directory_of_the_host_is_seen_and_written()
    {
        var folder = Engine.NewFolder();
        folder.Write("from-host", "host");
        Assert.Equal("host", await BusyboxAsync("cat /data/from-host; echo container >/data/from-container", "-v", $"{folder.There}:/data"));
        Assert.Equal("container\n", folder.Read("from-container"));
    }

    [Fact]
    public async Task Read_only_it_is_seen_and_not_written()
    {
        var folder = Engine.NewFolder();
        folder.Write("file", "host");
        Assert.Equal("host refused", await BusyboxAsync("echo $(cat /data/file) $(touch /data/x 2>/dev/null || echo refused)", "-v", $"{folder.There}:/data:ro"));
        Assert.Equal("refused", await BusyboxAsync("touch /data/x 2>/dev/null || echo refused", "--mount", $"type=bind,source={folder.There},target=/data,readonly"));
    }

    [Fact]
    public async Task With_v_a_missing_directory_is_made_and_with_mount_it_is_refused()
    {
        var folder = Engine.NewFolder();
        await BusyboxAsync("touch /data/file", "-v", $"{folder.There}/made:/data");
        Assert.True(File.Exists(Path.Combine(folder.Here, "made", "file")));
        var result = await Docker.RunAsync("run", "--rm", "--network", "none", "--mount", $"type=bind,source={folder.There}/missing,target=/data", "busybox", "true");
        Assert.Equal(125, result.Code);
        Assert.Contains("bind source path does not exist", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Here, "missing")));
    }

    [Fact]
    public async Task A_single_file_can_be_bound()
    {
        var folder = Engine.NewFolder();
        folder.Write("file", "one");
        Assert.Equal("one", await BusyboxAsync("cat /etc/one", "-v", $"{folder.There}/file:/etc/one"));
    }

    [Fact]
    public async Task A_bind_hides_the_image_s_content_and_copies_none_of_it()
    {
        var folder = Engine.NewFolder();
        Assert.Equal("0", await BusyboxAsync("ls /etc | grep -c passwd || true", "-v", $"{folder.There}:/etc"));
        Assert.DoesNotContain("passwd", Directory.GetFiles(folder.Here).Select(path => Path.GetFileName(path)!));
    }

    [Fact]
    public async Task The_order_of_mounts_follows_their_paths()
    {
        var (outer, inner) = (Engine.NewFolder(), Engine.NewFolder());
        inner.Write("file", "inner");
        Assert.Equal("inner", await BusyboxAsync("cat /data/sub/file", "-v", $"{inner.There}:/data/sub", "-v", $"{outer.There}:/data"));
    }

    [Fact]
    public async Task Mount_type_volume_makes_a_volume_and_type_tmpfs_a_tmpfs()
    {
        var volume = Engine.NewVolume();
        await BusyboxAsync("echo kept >/data/file", "--mount", $"type=volume,source={volume},target=/data");
        Assert.Equal("kept refused", await BusyboxAsync("echo $(cat /data/file) $(touch /data/x 2>/dev/null || echo refused)", "--mount", $"source={volume},target=/data,readonly"));
        Assert.Contains("size=2048k", await BusyboxAsync("grep ' /data tmpfs ' /proc/mounts; stat -c %a /data", "--mount", "type=tmpfs,target=/data,tmpfs-size=2m,tmpfs-mode=711"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_lists_the_mounts()
    {
        var folder = Engine.NewFolder();
        var volume = Engine.NewVolume();
        var name = await SleeperAsync("-v", $"{folder.There}:/bound:ro", "-v", $"{volume}:/named");
        var mounts = (await Docker.OkAsync("inspect", "--format", "{{range .Mounts}}{{.Type}} {{.Name}} {{.Destination}} {{.RW}}\n{{end}}", name)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(["bind  /bound false", $"volume {volume} /named true"], mounts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_target_twice_is_refused()
    {
        var said = await Docker.RunRefusedAsync("run", "--rm", "--network", "none", "-v", "/usr:/data", "-v", "/tmp:/data", "busybox", "true");
        Assert.Contains("Duplicate mount point: /data", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relative/path:/data")]
    [InlineData("/tmp:relative")]
    [InlineData("/tmp:/data:what")]
    [InlineData("/tmp:/data:ro,rw")]
    [InlineData("/tmp:/")]
    public async Task A_volume_that_makes_no_sense_is_refused(string volume)
    {
        var said = await Docker.RunRefusedAsync("run", "--rm", "--network", "none", "-v", volume, "busybox", "true");
        Assert.Contains("invalid", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Volumes_from_another_container_are_shared()
    {
        var volume = Engine.NewVolume();
        var name = await SleeperAsync("-v", $"{volume}:/data");
        await Docker.OkAsync("exec", name, "sh", "-c", "echo lent >/data/file");
        Assert.Equal("lent", await BusyboxAsync("cat /data/file", "--volumes-from", name));
    }

    [Fact]
    public async Task A_link_in_the_image_does_not_lead_a_mount_out_of_the_container()
    {
        var (builder, outside, folder) = (Engine.NewContainer(), Engine.NewFolder(), Engine.NewFolder());
        await Docker.OkAsync("run", "--name", builder, "--network", "none", "busybox", "ln", "-s", "../../../../../.." + outside.There, "/link");
        await Docker.OkAsync("commit", builder, "linked:one");
        folder.Write("file", "in");
        await Docker.RunAsync("run", "--rm", "--network", "none", "-v", $"{folder.There}:/link/sub", "linked:one", "true");
        Assert.Empty(Directory.GetFileSystemEntries(outside.Here));
        await Docker.OkAsync("rmi", "linked:one");
    }
}
