using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Daemon;

/// <summary>`docker version`, `info`, `events`, `system df`.</summary>
public sealed class SystemTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task Version_tells_client_and_server()
    {
        var api = await Docker.OkAsync("version", "--format", "{{.Server.APIVersion}} {{.Server.Os}}");
        Assert.Matches(@"^1\.\d\d linux$", api);
    }

    [Fact]
    public async Task An_old_client_and_a_new_one_are_both_answered()
    {
        foreach (var version in (string[])["1.24", "1.41", "1.47"])
        {
            Assert.Equal(200, (await Engine.Http.GetAsync($"/v{version}/containers/json")).Status);
        }
        Assert.Equal(400, (await Engine.Http.GetAsync("/v9.99/containers/json")).Status);
        Assert.Equal(404, (await Engine.Http.GetAsync("/no/such/page")).Status);
    }

    [Fact]
    public async Task Info_counts_containers_and_images_and_names_the_driver()
    {
        var before = JsonNode.Parse(await Docker.OkAsync("info", "--format", "{{json .}}"))!;
        var name = await SleeperAsync();
        var after = JsonNode.Parse(await Docker.OkAsync("info", "--format", "{{json .}}"))!;
        Assert.Equal(before["ContainersRunning"]!.GetValue<int>() + 1, after["ContainersRunning"]!.GetValue<int>());
        Assert.True(after["Images"]!.GetValue<int>() >= 1);
        Assert.NotEmpty(after["Driver"]!.GetValue<string>());
        if (Engine.IsStrake) Assert.Equal(Engine.DataRoot, after["DockerRootDir"]!.GetValue<string>());
        await Docker.OkAsync("rm", "-f", name);
    }

    [Fact]
    public async Task Events_tell_a_container_s_life_in_order()
    {
        var name = Engine.NewContainer();
        var since = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        using var stream = Command.Start("docker", ["events", "--since", $"{since}", "--filter", $"container={name}", "--filter", "type=container", "--format", "{{.Action}}"], Docker.Environment);
        await Docker.OkAsync("run", "--name", name, "--network", "none", "busybox", "true");
        await Docker.OkAsync("rm", name);
        List<string> seen = [];
        while (!seen.Contains("destroy"))
        {
            seen.Add(await stream.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken) ?? throw new EndOfStreamException());
        }
        stream.Kill();
        Assert.Equal(["create", "attach", "start", "die", "destroy"], seen);
    }

    [Fact]
    public async Task Events_of_the_past_end_at_until()
    {
        var volume = Engine.NewVolume();
        var since = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 1;
        await Docker.OkAsync("volume", "create", volume);
        await Docker.OkAsync("volume", "rm", volume);
        await Docker.OkAsync("tag", "busybox", "evented:one");
        await Docker.OkAsync("rmi", "evented:one");
        var until = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1;
        var events = await Docker.RunAsync("events", "--since", $"{since}", "--until", $"{until}", "--format", "{{.Type}} {{.Action}}");
        Assert.Contains("volume create", events.Lines);
        Assert.Contains("volume destroy", events.Lines);
        Assert.Contains("image tag", events.Lines);
        Assert.Contains("image untag", events.Lines);
    }

    [Fact]
    public async Task System_df_counts_images_containers_and_volumes()
    {
        var volume = Engine.NewVolume();
        await BusyboxAsync("head -c 3000000 /dev/zero >/data/file", "-v", $"{volume}:/data");
        Assert.Contains("Local Volumes", await Docker.OkAsync("system", "df"), StringComparison.Ordinal);
        Assert.Matches($@"{volume}\s+0\s+3MB", await Docker.OkAsync("system", "df", "-v"));
    }

    [Fact]
    public async Task The_headers_of_ping_tell_the_api_s_version() => Assert.Equal("OK", (await Engine.Http.GetAsync("/_ping")).Body);
}
