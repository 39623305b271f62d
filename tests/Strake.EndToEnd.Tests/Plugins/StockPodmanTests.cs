using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Plugins;

/// <summary>A stock Podman that uses Strake's volumes; its configuration names the endpoint.</summary>
public sealed class StockPodmanTests : IAsyncLifetime
{
    string folder = "";   // Made when it is known that the test runs: a set-up that skips is not followed by an end.
    Engine engine = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Engine.IsStrake, "the endpoint is Strake's");
        PeerRoot.Require("podman", "podman");
        folder = Directory.CreateTempSubdirectory("strake-test-podman-").FullName;
        engine = await Engine.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (engine is not null) await engine.DisposeAsync();
        await Leftovers.RemoveAsync(folder);
    }

    [Fact]
    public async Task A_file_outlives_the_containers_on_a_volume_of_Strakes()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "containers.conf"), $"""
            [engine]
            volume_plugins = {"{"} strake = "{engine.ExecRoot}/plugins/strake.sock" {"}"}
            cgroup_manager = "cgroupfs"
            events_logger = "none"
            """, TestContext.Current.CancellationToken);
        File.Copy(TestSetting.Image("busybox.docker.tar"), Path.Combine(folder, "image"));
        var said = await PodmanAsync(
            $"load -qi {folder}/image",
            "volume create --driver strake data",
            "run --rm --network none -v data:/data busybox sh -c 'echo kept >/data/file'",
            "run --rm --network none -v data:/data busybox cat /data/file");
        Assert.EndsWith("\ndata\nkept", said, StringComparison.Ordinal);
        Assert.Equal("local data", await engine.Docker.OkAsync("volume", "ls", "--format", "{{.Driver}} {{.Name}}"));
        await PodmanAsync("volume rm data");
        Assert.Empty(await engine.Docker.OkAsync("volume", "ls", "-q"));
    }

    // Each in a view of its own: what Podman keeps lies in the test's folder.
    async Task<string> PodmanAsync(params string[] lines)
    {
        var view = Directory.CreateDirectory(Path.Combine(folder, "view")).FullName;
        var plugins = Directory.CreateDirectory(Path.Combine(folder, "none")).FullName;
        var podman = $"podman --root {folder}/r --runroot {folder}/x --storage-driver vfs $runtime";
        // crun refuses hosts that have both versions of cgroups; runc works on all.
        var script = string.Join('\n', lines.Select(line => $"{podman} {line}").Prepend(
            $"set -e; export CONTAINERS_CONF={folder}/containers.conf; if command -v runc >{folder}/runc; then runtime='--runtime runc'; fi"));
        var command = PeerRoot.Command(view, plugins, "sh", "-c", script);
        return (await Command.RunAsync(command[0], command[1..], timeout: TimeSpan.FromMinutes(2))).Ok();
    }
}
