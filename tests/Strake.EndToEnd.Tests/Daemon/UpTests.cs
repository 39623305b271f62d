using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Daemon;

/// <summary>`./up` and `strake down`: from nothing to a running engine and back.</summary>
public sealed class UpTests
{
    [Fact]
    public async Task Up_starts_it_says_how_to_use_it_and_the_second_time_that_it_is_up()
    {
        Assert.SkipUnless(Engine.IsStrake, "./up starts Strake");
        await using var root = await TestRoot.CreateAsync();
        var (data, exec) = (Path.Combine(root.Path, "d"), Path.Combine(root.Path, "x"));
        string[] options = ["--data-root", data, "--exec-root", exec];
        var up = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(TestSetting.Program))!, "up");

        var first = (await Command.RunAsync(up, options, timeout: TimeSpan.FromMinutes(5))).Ok();
        Assert.Contains($"export DOCKER_HOST=unix://{exec}/docker.sock", first, StringComparison.Ordinal);
        Assert.Contains("Strake is up", (await Command.RunAsync(up, options)).Ok(), StringComparison.Ordinal);

        var docker = new DockerCli($"unix://{exec}/docker.sock", root.Folder("config"));
        await docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        Assert.Equal("hello", await docker.OkAsync("run", "--rm", "--network", "none", "busybox", "echo", "hello"));

        (await Command.RunAsync(TestSetting.Program, ["down", "--exec-root", exec])).Ok();
        Assert.NotEqual(0, (await docker.RunAsync("version")).Code);
        Assert.Empty(Leftovers.Below(root.Path));
    }
}
