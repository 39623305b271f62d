using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Volumes;

/// <summary>`docker volume`: what a volume is and when it goes.</summary>
public sealed class VolumeTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task A_volume_outlives_its_containers()
    {
        var volume = Engine.NewVolume();
        Assert.Equal(volume, await Docker.OkAsync("volume", "create", volume));
        await BusyboxAsync("echo kept >/data/file", "-v", $"{volume}:/data");
        Assert.Equal("kept", await BusyboxAsync("cat /data/file", "-v", $"{volume}:/data"));
    }

    [Fact]
    public async Task Its_data_lies_where_inspect_says()
    {
        var volume = Engine.NewVolume();
        await BusyboxAsync("echo here >/data/file", "-v", $"{volume}:/data");
        var inspected = await Docker.InspectAsync(volume, "volume");
        var mountpoint = inspected["Mountpoint"]!.GetValue<string>();
        if (Engine.IsStrake) Assert.Equal($"{Engine.DataRoot}/volumes/{volume}/_data", mountpoint);
        Assert.Equal(("local", "local", volume), (inspected["Driver"]!.GetValue<string>(), inspected["Scope"]!.GetValue<string>(), inspected["Name"]!.GetValue<string>()));
        Assert.Equal("here\n", await File.ReadAllTextAsync(TestSetting.HostRoot + mountpoint + "/file", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Creating_twice_gives_the_same_volume()
    {
        var volume = Engine.NewVolume();
        await Docker.OkAsync("volume", "create", "--label", "a=b", volume);
        Assert.Equal(volume, await Docker.OkAsync("volume", "create", volume));
        Assert.Equal("""{"a":"b"}""", await Docker.OkAsync("volume", "inspect", "--format", "{{json .Labels}}", volume));
    }

    [Fact]
    public async Task A_volume_in_use_is_not_removed_even_when_its_container_is_stopped()
    {
        var volume = Engine.NewVolume();
        var name = Engine.NewContainer();
        var id = await Docker.OkAsync("create", "--name", name, "--network", "none", "-v", $"{volume}:/data", "busybox");
        var said = await Docker.RefusedAsync("volume", "rm", volume);
        Assert.Contains($"remove {volume}: volume is in use - [{id}]", said, StringComparison.Ordinal);
        Assert.Equal(409, (await Engine.Http.DeleteAsync($"/volumes/{volume}")).Status);
        await Docker.OkAsync("rm", name);
        Assert.Equal(volume, await Docker.OkAsync("volume", "rm", volume));
    }

    [Fact]
    public async Task An_unknown_volume_is_not_found_and_by_force_no_error()
    {
        Assert.Contains("no such volume", await Docker.RefusedAsync("volume", "rm", "missing"), StringComparison.Ordinal);
        Assert.Contains("no such volume", await Docker.RefusedAsync("volume", "inspect", "missing"), StringComparison.Ordinal);
        Assert.Equal(404, (await Engine.Http.GetAsync("/volumes/missing")).Status);
        await Docker.OkAsync("volume", "rm", "-f", "missing");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    public async Task An_invalid_name_is_refused(string name)
    {
        var reply = await Engine.Http.PostAsync("/volumes/create", $$"""{"Name":"{{name}}"}""");
        Assert.Equal(400, reply.Status);
        Assert.Contains(name, reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_driver_is_refused() =>
        Assert.Contains("nosuch", await Docker.RefusedAsync("volume", "create", "-d", "nosuch", Engine.NewVolume()), StringComparison.Ordinal);

    [Fact]
    public async Task Anonymous_volumes_have_long_names_and_go_with_rm_v()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", name, "--network", "none", "-v", "/data", "busybox");
        var volume = await Docker.ValueAsync(name, "{{(index .Mounts 0).Name}}");
        Assert.Matches("^[0-9a-f]{64}$", volume);
        await Docker.OkAsync("rm", "-v", name);
        await Docker.RefusedAsync("volume", "inspect", volume);
    }

    [Fact]
    public async Task Rm_alone_keeps_anonymous_volumes_and_rm_v_keeps_named_ones()
    {
        var (first, second, named) = (Engine.NewContainer(), Engine.NewContainer(), Engine.NewVolume());
        await Docker.OkAsync("create", "--name", first, "--network", "none", "-v", "/data", "busybox");
        await Docker.OkAsync("create", "--name", second, "--network", "none", "-v", $"{named}:/data", "busybox");
        var anonymous = await Docker.ValueAsync(first, "{{(index .Mounts 0).Name}}");
        await Docker.OkAsync("rm", first);
        await Docker.OkAsync("rm", "-v", second);
        await Docker.OkAsync("volume", "inspect", anonymous, named);
        await Docker.OkAsync("volume", "rm", anonymous);
    }

    [Fact]
    public async Task An_image_s_VOLUME_becomes_an_anonymous_volume_with_the_image_s_content()
    {
        var builder = Engine.NewContainer();
        await Docker.OkAsync("run", "--name", builder, "--network", "none", "busybox", "sh", "-c", "mkdir -m 750 /data; chown 33:33 /data; echo given >/data/file");
        await Docker.OkAsync("commit", "-c", "VOLUME /data", builder, "with-volume:one");
        var name = Engine.NewContainer();
        Assert.Equal("given\n750 33 33", await Docker.OkAsync("run", "--name", name, "--network", "none", "with-volume:one", "sh", "-c", "cat /data/file; stat -c '%a %u %g' /data"));
        Assert.Equal("volume /data true", await Docker.ValueAsync(name, "{{with index .Mounts 0}}{{.Type}} {{.Destination}} {{.RW}}{{end}}"));
        await Docker.OkAsync("rm", "-v", name);
        await Docker.OkAsync("rmi", "with-volume:one");
    }

    [Fact]
    public async Task Content_of_the_image_is_copied_into_an_empty_volume_alone()
    {
        var (empty, full, bare) = (Engine.NewVolume(), Engine.NewVolume(), Engine.NewVolume());
        await BusyboxAsync("true", "-v", $"{empty}:/etc");
        Assert.Equal("0", await BusyboxAsync("test -s /data/passwd; echo $?", "-v", $"{empty}:/data"));

        await BusyboxAsync("echo own >/data/own", "-v", $"{full}:/data");
        Assert.Equal("own", await BusyboxAsync("ls /home", "-v", $"{full}:/home"));

        Assert.Equal("0", await BusyboxAsync("ls /etc | grep -vc -e hosts -e hostname -e resolv.conf || true", "--mount", $"type=volume,source={bare},target=/etc,volume-nocopy"));
    }

    [Fact]
    public async Task Two_containers_share_a_volume_at_once()
    {
        var volume = Engine.NewVolume();
        var (one, two) = (await SleeperAsync("-v", $"{volume}:/a"), await SleeperAsync("-v", $"{volume}:/b"));
        await Docker.OkAsync("exec", one, "sh", "-c", "echo shared >/a/file");
        Assert.Equal("shared", await Docker.OkAsync("exec", two, "cat", "/b/file"));
    }

    [Fact]
    public async Task Listing_filters_by_name_label_driver_and_use()
    {
        var (used, idle) = (Engine.NewVolume(), Engine.NewVolume());
        await Docker.OkAsync("volume", "create", "--label", "listed=yes", used);
        await Docker.OkAsync("volume", "create", "--label", "listed=yes", "--label", "idle", idle);
        await SleeperAsync("-v", $"{used}:/data");
        Assert.Equal([used, idle], await ListAsync("label=listed"), StringComparer.Ordinal);
        Assert.Equal([idle], await ListAsync("label=listed", "label=idle"));
        Assert.Equal([idle], await ListAsync("label=listed=yes", "dangling=true"));
        Assert.Equal([used], await ListAsync("label=listed=yes", "dangling=false"));
        Assert.Equal([used], await ListAsync($"name={used}"));
        Assert.Equal([used, idle], await ListAsync("label=listed", "driver=local"));
    }

    [Fact]
    public async Task Prune_removes_unused_anonymous_volumes_and_with_all_named_ones()
    {
        await using var engine = await Engine.StartAsync();
        var docker = engine.Docker;
        await docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        var (unused, used, name, gone) = (engine.NewVolume(), engine.NewVolume(), engine.NewContainer(), engine.NewContainer());
        await docker.OkAsync("volume", "create", unused);
        await docker.OkAsync("create", "--name", name, "--network", "none", "-v", $"{used}:/data", "busybox");
        await docker.OkAsync("create", "--name", gone, "--network", "none", "-v", "/data", "busybox");
        var anonymous = await docker.ValueAsync(gone, "{{(index .Mounts 0).Name}}");
        await docker.OkAsync("rm", gone);

        Assert.Contains(anonymous, await docker.OkAsync("volume", "prune", "-f"), StringComparison.Ordinal);
        await docker.OkAsync("volume", "inspect", unused, used);
        Assert.Contains(unused, await docker.OkAsync("volume", "prune", "-af"), StringComparison.Ordinal);
        await docker.RefusedAsync("volume", "inspect", unused);
        await docker.OkAsync("volume", "inspect", used);
    }

    async Task<string[]> ListAsync(params string[] filters) =>
        (await Docker.RunAsync(["volume", "ls", "-q", .. filters.SelectMany(filter => (string[])["--filter", filter])])).Lines;
}
