using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Plugins;

/// <summary>Strake's volumes for another engine: the calls that Docker and Podman make, at the endpoint that it serves. In StockDockerTests a stock Docker makes them.</summary>
public sealed class ServedVolumesTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-test-served-").FullName;
    Engine engine = null!;
    EngineHttp endpoint = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Engine.IsStrake, "the endpoint is Strake's");
        engine = await Engine.StartAsync(new EngineOptions { Arguments = ["--plugin-link", folder] });
        endpoint = new EngineHttp(Path.Combine(engine.ExecRoot, "plugins", "strake.sock"));
    }

    public async ValueTask DisposeAsync()
    {
        endpoint?.Dispose();
        if (engine is not null) await engine.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Another_engine_makes_mounts_and_removes_a_volume()
    {
        Assert.Equal($"unix://{engine.ExecRoot}/plugins/strake.sock\n", await File.ReadAllTextAsync(Path.Combine(folder, "strake.spec"), TestContext.Current.CancellationToken));
        Assert.Equal("VolumeDriver", (await CallAsync("Plugin.Activate", null))["Implements"]![0]!.GetValue<string>());
        Assert.Equal("local", (await CallAsync("VolumeDriver.Capabilities", "{}"))["Capabilities"]!["Scope"]!.GetValue<string>());
        await CallAsync("VolumeDriver.Create", """{"Name":"data","Opts":null}""");
        Assert.Equal("local data", await engine.Docker.OkAsync("volume", "ls", "--format", "{{.Driver}} {{.Name}}"));

        var path = (await CallAsync("VolumeDriver.Mount", """{"Name":"data","ID":"abc"}"""))["Mountpoint"]!.GetValue<string>();
        Assert.Equal($"{engine.DataRoot}/volumes/data/_data", path);
        Assert.Equal(path, (await CallAsync("VolumeDriver.Get", """{"Name":"data"}"""))["Volume"]!["Mountpoint"]!.GetValue<string>());
        Assert.Equal("data", (await CallAsync("VolumeDriver.List", "{}"))["Volumes"]![0]!["Name"]!.GetValue<string>());
        Assert.Contains("volume is in use", await engine.Docker.RefusedAsync("volume", "rm", "data"), StringComparison.Ordinal);

        await engine.KillAsync();
        await engine.LaunchAsync();
        Assert.Contains("0 findings", (await engine.FsckAsync()).Ok(), StringComparison.Ordinal);
        Assert.Contains("volume is in use", await RefusedAsync("VolumeDriver.Remove", """{"Name":"data"}"""), StringComparison.Ordinal);
        await CallAsync("VolumeDriver.Unmount", """{"Name":"data","ID":"abc"}""");
        await CallAsync("VolumeDriver.Remove", """{"Name":"data"}""");
        Assert.Contains("no such volume", await RefusedAsync("VolumeDriver.Get", """{"Name":"data"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_engine_that_is_gone_had_is_released_by_hand()
    {
        await CallAsync("VolumeDriver.Create", """{"Name":"data"}""");
        await CallAsync("VolumeDriver.Mount", """{"Name":"data","ID":"abc"}""");
        var said = (await StrakeAsync("why", "data")).Ok();
        var holder = said.Split([' ', ','])[0];
        Assert.Matches("^engine/[0-9a-f]{8}-abc$", holder);
        Assert.EndsWith($"strake volume release data {holder}", said, StringComparison.Ordinal);
        Assert.Contains("does not use it", (await StrakeAsync("release", "data", holder + "d")).Refused(), StringComparison.Ordinal);
        Assert.Contains("is no other engine", (await StrakeAsync("release", "data", "container/abc")).Refused(), StringComparison.Ordinal);
        (await StrakeAsync("release", "data", holder)).Ok();
        await engine.Docker.OkAsync("volume", "rm", "data");
        Assert.Contains("0 findings", (await engine.FsckAsync()).Ok(), StringComparison.Ordinal);
    }

    Task<CommandResult> StrakeAsync(params string[] words) => Command.RunAsync(TestSetting.Program, ["volume", .. words, "--host", engine.Host]);

    [Theory]
    [InlineData("VolumeDriver.Create", """{"Name":"../x"}""")]
    [InlineData("VolumeDriver.Create", """{"Name":""}""")]
    [InlineData("VolumeDriver.Create", "{")]
    [InlineData("VolumeDriver.Mount", """{"Name":"nosuch","ID":"x"}""")]
    [InlineData("VolumeDriver.Remove", """{"Name":"nosuch"}""")]
    public async Task What_is_wrong_is_told_as_the_protocol_says(string method, string body) => Assert.NotEmpty(await RefusedAsync(method, body));

    async Task<JsonNode> CallAsync(string method, string? body)
    {
        var reply = await endpoint.PostAsync("/" + method, body);
        Assert.True(reply.Status == 200, reply.Body);
        return JsonNode.Parse(reply.Body)!;
    }

    async Task<string> RefusedAsync(string method, string body)
    {
        var reply = await endpoint.PostAsync("/" + method, body);
        Assert.Equal(500, reply.Status);
        return JsonNode.Parse(reply.Body)!["Err"]!.GetValue<string>();
    }
}
