using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Containers;

/// <summary>`docker ps` and `docker inspect`.</summary>
public sealed class PsTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task Without_a_it_shows_those_that_run()
    {
        var running = await SleeperAsync();
        var created = await CreatedAsync();
        var shown = (await Docker.RunAsync("ps", "--format", "{{.Names}}")).Lines;
        Assert.Contains(running, shown);
        Assert.DoesNotContain(created, shown);
        Assert.Contains(created, (await Docker.RunAsync("ps", "-a", "--format", "{{.Names}}")).Lines);
    }

    [Fact]
    public async Task A_line_tells_image_command_status_and_ports()
    {
        var name = await SleeperAsync();
        var line = await Docker.OkAsync("ps", "--no-trunc", "--filter", $"name={name}", "--format", "{{.Image}}|{{.Command}}|{{.Status}}|{{.State}}");
        Assert.Matches("""^busybox\|"sh -c 'trap .*|""", line);
        Assert.Contains("|Up ", line, StringComparison.Ordinal);
        Assert.EndsWith("|running", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ended_one_tells_its_exit_code()
    {
        var name = Engine.NewContainer();
        await Docker.RunAsync("run", "--name", name, "--network", "none", "busybox", "sh", "-c", "exit 3");
        Assert.StartsWith("Exited (3) ", await Docker.OkAsync("ps", "-a", "--filter", $"name={name}", "--format", "{{.Status}}"), StringComparison.Ordinal);
        Assert.Equal("Created", await Docker.OkAsync("ps", "-a", "--filter", $"name={await CreatedAsync()}", "--format", "{{.Status}}"));
    }

    [Fact]
    public async Task Filters_choose_by_name_id_label_status_exit_code_and_image()
    {
        var running = await SleeperAsync("-l", "filtered=yes", "-l", "color=blue");
        var created = await CreatedAsync("-l", "filtered=yes");
        var ended = Engine.NewContainer();
        await Docker.RunAsync("run", "--name", ended, "--network", "none", "-l", "filtered=yes", "busybox", "sh", "-c", "exit 5");

        Assert.Equal([ended, created, running], await ListAsync("label=filtered"));
        Assert.Equal([running], await ListAsync("label=color=blue"));
        Assert.Equal([created], await ListAsync("label=filtered", "status=created"));
        Assert.Equal([ended], await ListAsync("label=filtered", "status=exited"));
        Assert.Equal([created, running], await ListAsync("label=filtered", "status=created", "status=running"));
        Assert.Equal([ended], await ListAsync("label=filtered", "exited=5"));
        Assert.Equal([running], await ListAsync($"name=^{running}$"));
        Assert.Equal([running], await ListAsync($"id={await Docker.ValueAsync(running, "{{.Id}}")}"));
        Assert.Equal([ended, created, running], await ListAsync("label=filtered", "ancestor=busybox"));
        Assert.Empty(await ListAsync("label=filtered", "ancestor=busybox:nothing"));
    }

    [Fact]
    public async Task Filters_choose_by_age_and_volume()
    {
        var volume = Engine.NewVolume();
        var first = await CreatedAsync("-l", "aged", "-v", $"{volume}:/data");
        var second = await CreatedAsync("-l", "aged");
        Assert.Equal([first], await ListAsync("label=aged", $"before={second}"));
        Assert.Equal([second], await ListAsync("label=aged", $"since={first}"));
        Assert.Equal([first], await ListAsync($"volume={volume}"));
        Assert.Equal([first], await ListAsync($"volume={volume}", "volume=/elsewhere"));
    }

    [Fact]
    public async Task An_unknown_filter_is_refused() =>
        Assert.Contains("invalid filter", await Docker.RefusedAsync("ps", "--filter", "color=blue"), StringComparison.Ordinal);

    [Fact]
    public async Task Last_shows_the_newest_first()
    {
        var older = await CreatedAsync();
        var newer = await CreatedAsync();
        Assert.Equal(newer, await Docker.OkAsync("ps", "-l", "--format", "{{.Names}}"));
        Assert.Equal([newer, older], (await Docker.RunAsync("ps", "-n", "2", "--format", "{{.Names}}")).Lines);
    }

    [Fact]
    public async Task Sizes_tell_what_the_container_wrote_and_what_it_sees()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "--name", name, "--network", "none", "busybox", "sh", "-c", "head -c 1000000 /dev/zero >/file");
        Assert.Matches(@"^1MB \(virtual [\d.]+MB\)$", await Docker.OkAsync("ps", "-as", "--filter", $"name={name}", "--format", "{{.Size}}"));
        Assert.Equal("1000000", await Docker.OkAsync("inspect", "-s", "--format", "{{.SizeRw}}", name));
    }

    [Fact]
    public async Task A_short_id_and_a_name_name_one_container_and_an_unknown_one_none()
    {
        var name = await CreatedAsync();
        var id = await Docker.ValueAsync(name, "{{.Id}}");
        Assert.Equal(id, await Docker.ValueAsync(id[..12], "{{.Id}}"));
        Assert.Contains("No such object: missing", await Docker.RefusedAsync("inspect", "missing"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("No such container: missing", (await Engine.Http.GetAsync("/containers/missing/json")).Message);
    }

    [Fact]
    public async Task Inspect_tells_what_was_asked_for_and_what_is()
    {
        var name = await SleeperAsync("-e", "A=b", "-w", "/tmp", "-u", "33", "-l", "x=y", "--read-only", "--tmpfs", "/scratch");
        var container = await Docker.InspectAsync(name);
        Assert.Equal("/" + name, container["Name"]!.GetValue<string>());
        Assert.Equal("sh", container["Path"]!.GetValue<string>());
        Assert.Equal("-c", container["Args"]![0]!.GetValue<string>());
        Assert.True(container["State"]!["Running"]!.GetValue<bool>());
        Assert.True(container["State"]!["Pid"]!.GetValue<int>() > 1);
        Assert.Equal("busybox", container["Config"]!["Image"]!.GetValue<string>());
        Assert.Equal("A=b", container["Config"]!["Env"]![0]!.GetValue<string>());
        Assert.Equal("/tmp", container["Config"]!["WorkingDir"]!.GetValue<string>());
        Assert.Equal("33", container["Config"]!["User"]!.GetValue<string>());
        Assert.True(container["HostConfig"]!["ReadonlyRootfs"]!.GetValue<bool>());
        Assert.Equal("none", container["HostConfig"]!["NetworkMode"]!.GetValue<string>());
        Assert.Equal("", container["HostConfig"]!["Tmpfs"]!["/scratch"]!.GetValue<string>());
        Assert.Equal(await Docker.ValueAsync("busybox", "{{.Id}}"), container["Image"]!.GetValue<string>());
        Assert.Matches(@"^20\d\d-", container["State"]!["StartedAt"]!.GetValue<string>());
        Assert.Equal("0001-01-01T00:00:00Z", container["State"]!["FinishedAt"]!.GetValue<string>());
    }

    async Task<string> CreatedAsync(params string[] options)
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync(["create", "--name", name, "--network", "none", .. options, "busybox"]);
        return name;
    }

    async Task<string[]> ListAsync(params string[] filters) =>
        (await Docker.RunAsync(["ps", "-a", "--format", "{{.Names}}", .. filters.SelectMany(filter => (string[])["--filter", filter])])).Lines;
}
