using Strake.EndToEnd.Tests.Harness;
using Strake.EndToEnd.Tests.Registry;

namespace Strake.EndToEnd.Tests.Plugins;

/// <summary><c>docker plugin</c>: rclone packed as a plugin that the engine runs, under a name that Docker's manuals use.</summary>
public sealed class ManagedPluginTests : IAsyncLifetime
{
    const string Name = "rexray/ebs";
    readonly string folder = Directory.CreateTempSubdirectory("strake-test-managed-").FullName;
    Engine engine = null!;

    DockerCli Docker => engine.Docker;

    string Store => Path.Combine(folder, "store");

    public async ValueTask InitializeAsync()
    {
        await Rclone.PackAsync(Path.Combine(folder, "plugin"), Store);
        engine = await Engine.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (engine is not null)
        {
            foreach (var plugin in (await Docker.RunAsync("plugin", "ls", "-q")).Lines) await Docker.RunAsync("plugin", "rm", "-f", plugin);
            await engine.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_database_lives_on_a_volume_of_a_managed_plugin()
    {
        await MakeAsync();
        await Docker.OkAsync("load", "-qi", TestSetting.Image("mysql.docker-gzip.tar"));
        await Docker.OkAsync(["volume", "create", "-d", Name, .. Rclone.OptionsFor("/store"), "ebs-vol"]);
        await DatabaseAsync();
        await Docker.OkAsync("exec", "mysql", "mysql", "-e", "CREATE DATABASE shop; CREATE TABLE shop.item (id INT PRIMARY KEY); INSERT INTO shop.item VALUES (7)");
        await Docker.OkAsync("rm", "-f", "mysql");
        await DatabaseAsync();
        Assert.Equal("7", await Docker.OkAsync("exec", "mysql", "mysql", "-Ne", "SELECT id FROM shop.item"));
        await Docker.OkAsync("rm", "-f", "mysql");
        Assert.Contains("in use", await Docker.RefusedAsync("plugin", "disable", Name), StringComparison.Ordinal);
        await Docker.OkAsync("volume", "rm", "ebs-vol");
    }

    [Fact]
    public async Task Settings_are_changed_while_it_is_off_and_named_in_refusals()
    {
        await Docker.OkAsync("plugin", "create", Name, Path.Combine(folder, "plugin"));
        Assert.Equal($"{Name}:latest false", await Docker.OkAsync("plugin", "ls", "--format", "{{.Name}} {{.Enabled}}"));
        var other = Directory.CreateDirectory(Path.Combine(folder, "other")).FullName;
        await Docker.OkAsync("plugin", "set", Name, $"store.source={other}", "RCLONE_VERBOSE=1");
        Assert.Equal(other, await Docker.OkAsync("plugin", "inspect", "--format", "{{(index .Settings.Mounts 0).Source}}", Name));
        Assert.Contains("not found in the plugin configuration", await Docker.RefusedAsync("plugin", "set", Name, "nosuch=1"), StringComparison.Ordinal);
        Assert.Equal($"{Name}:latest", await Docker.OkAsync("plugin", "inspect", "--format", "{{.PluginReference}}", Name));
        await SaysAsync($"create data: error looking up volume plugin {Name}: plugin {Name} found but disabled", "volume", "create", "-d", Name, "data");
        await SaysAsync($"plugin {Name}:latest already exists", "plugin", "create", Name, Path.Combine(folder, "plugin"));
        await SaysAsync($"plugin is already disabled: plugin {Name}:latest found but disabled", "plugin", "disable", Name);
        await Docker.OkAsync("plugin", "enable", Name);
        await SaysAsync($"plugin already enabled: plugin {Name}:latest is enabled", "plugin", "enable", Name);
        Assert.Contains("disable plugin before setting", await Docker.RefusedAsync("plugin", "set", Name, "RCLONE_VERBOSE=2"), StringComparison.Ordinal);
        Assert.Contains("is enabled", await Docker.RefusedAsync("plugin", "rm", Name), StringComparison.Ordinal);
        await Docker.OkAsync("plugin", "disable", Name);
        await Docker.OkAsync("plugin", "rm", Name);
        Assert.Empty(await Docker.OkAsync("plugin", "ls", "-q"));
    }

    [Fact]
    public async Task A_plugin_that_does_not_start_is_off_and_says_why()
    {
        var config = Path.Combine(folder, "plugin", "config.json");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken)).Replace("--no-spec", "--no-such-option", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await Docker.OkAsync("plugin", "create", Name, Path.Combine(folder, "plugin"));
        Assert.Contains("no-such-option", await Docker.RefusedAsync("plugin", "enable", Name), StringComparison.Ordinal);
        Assert.Equal("false", await Docker.OkAsync("plugin", "inspect", "--format", "{{.Enabled}}", Name));
    }

    [Fact]
    public async Task A_plugin_without_its_program_is_refused_in_the_runtimes_words_and_no_log_line()
    {
        var config = Path.Combine(folder, "plugin", "config.json");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken)).Replace("\"/usr/bin/rclone\"", "\"/nosuch\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await Docker.OkAsync("plugin", "create", Name, Path.Combine(folder, "plugin"));
        await SaysAsync($"plugin {Name}:latest cannot be started: unable to start container process: exec: \"/nosuch\": stat /nosuch: no such file or directory", "plugin", "enable", Name);
    }

    [Fact]
    public async Task It_outlives_the_engine_and_comes_back_when_it_is_killed()
    {
        await MakeAsync();
        await Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        await Docker.OkAsync(["volume", "create", "-d", Name, .. Rclone.OptionsFor("/store"), "ebs-vol"]);
        var user = engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", user, "--network", "none", "-v", "ebs-vol:/data", "busybox", "sleep", "1000");
        await engine.KillAsync();
        await engine.LaunchAsync();
        await Docker.OkAsync("exec", user, "sh", "-c", "echo kept >/data/file");
        await Until.TrueAsync(() => File.Exists(Path.Combine(Store, "file")), "the file is stored");

        var pid = Assert.Single((await Command.RunAsync("pgrep", ["-f", "^/usr/bin/rclone serve docker --socket-addr /run/docker/plugins/rclone.sock"])).Lines);
        // Not by SIGKILL: see Rclone.KillAsync.
        await Command.RunAsync("kill", ["-TERM", pid]);
        await Until.TrueAsync(() => !Directory.Exists("/proc/" + pid), "rclone has ended");
        await Docker.OkAsync("rm", "-f", user);
        Assert.Equal("kept", await Docker.OkAsync("run", "--rm", "--network", "none", "-v", "ebs-vol:/data", "busybox", "cat", "/data/file"));
        await Docker.OkAsync("volume", "rm", "ebs-vol");
    }

    [Fact]
    public async Task It_is_pushed_and_installed_with_the_rights_that_it_asks_for()
    {
        await using var registry = await RegistryServer.StartAsync();
        var name = registry.Name("rexray/ebs:1");
        await Docker.OkAsync("plugin", "create", name, Path.Combine(folder, "plugin"));
        await Docker.OkAsync("plugin", "push", name);
        await Docker.OkAsync("plugin", "rm", name);
        Assert.Equal(403, (await engine.Http.PostAsync($"/plugins/pull?remote={Uri.EscapeDataString(name)}", "[]")).Status);
        Assert.Equal(
            """["network","mount","device","capabilities"]""",
            new System.Text.Json.Nodes.JsonArray([.. System.Text.Json.Nodes.JsonNode.Parse((await engine.Http.GetAsync($"/plugins/privileges?remote={Uri.EscapeDataString(name)}")).Body)!.AsArray().Select(right => right!["Name"]!.DeepClone())]).ToJsonString());
        await Docker.OkAsync("plugin", "install", "--grant-all-permissions", "--alias", Name, name);
        Assert.Equal("true", await Docker.OkAsync("plugin", "inspect", "--format", "{{.Enabled}}", Name));
        await Docker.OkAsync(["volume", "create", "-d", Name, .. Rclone.OptionsFor("/store"), "ebs-vol"]);
        await Docker.OkAsync("volume", "rm", "ebs-vol");
        await Docker.OkAsync("plugin", "disable", Name);
        await Docker.OkAsync("plugin", "upgrade", "--grant-all-permissions", Name, name);
        await Docker.OkAsync("plugin", "enable", Name);
    }

    // A client that is refused while it still sends tells of that, too, before it tells why.
    async Task SaysAsync(string words, params string[] arguments) =>
        Assert.EndsWith($"Error response from daemon: {words}", await Docker.RefusedAsync(arguments), StringComparison.Ordinal);

    async Task MakeAsync()
    {
        await Docker.OkAsync("plugin", "create", Name, Path.Combine(folder, "plugin"));
        await Docker.OkAsync("plugin", "enable", Name);
    }

    async Task DatabaseAsync()
    {
        await Docker.OkAsync("run", "-dit", "--name", "mysql", "--network", "none", "--volume-driver", Name, "--mount", "src=ebs-vol,target=/var/lib/mysql", "mysql");
        await Until.TrueAsync(async () => (await Docker.RunAsync("exec", "mysql", "mysqladmin", "ping")).Code == 0, "the database answers", TimeSpan.FromMinutes(5));
    }
}
