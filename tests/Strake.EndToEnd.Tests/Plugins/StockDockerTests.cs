using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Plugins;

/// <summary>A stock dockerd that uses Strake's volumes: it finds the endpoint by the file that Strake writes, and keeps a database's files on them.</summary>
public sealed class StockDockerTests : IAsyncLifetime
{
    static readonly TimeSpan s_initialisation = TimeSpan.FromMinutes(2);

    string folder = "";   // Made when it is known that the test runs: a set-up that skips is not followed by an end.
    Engine engine = null!;
    StockDocker docker = null!;

    string Plugins => Path.Combine(folder, "plugins");

    string Roots => Path.Combine(folder, "roots");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Engine.IsStrake, "the endpoint is Strake's");
        StockDocker.Require();
        folder = Directory.CreateTempSubdirectory("strake-test-stock-").FullName;
        foreach (var name in (string[])[Plugins, Roots]) Directory.CreateDirectory(name);
        // Shared: what Strake mounts there later is seen in the other engine's namespace as well.
        (await Command.RunAsync("mount", ["--bind", Roots, Roots])).Ok();
        (await Command.RunAsync("mount", ["--make-shared", Roots])).Ok();
        engine = await Engine.StartAsync(new EngineOptions { DataRoot = Path.Combine(Roots, "d"), Arguments = ["--plugin-link", Plugins] });
        docker = await StockDocker.StartAsync(Directory.CreateDirectory(Path.Combine(folder, "docker")).FullName, Plugins);
        (await docker.Client.RunAsync("load", "-qi", TestSetting.Image("mysql.docker-gzip.tar"))).Ok();
    }

    public async ValueTask DisposeAsync()
    {
        if (docker is not null) await docker.DisposeAsync();
        if (engine is not null) await engine.DisposeAsync();
        if (Leftovers.MountsBelow(folder).Count > 0) (await Command.RunAsync("umount", [Roots])).Ok();
        await Leftovers.RemoveAsync(folder);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",volume-opt=size=1g")]
    public async Task A_database_keeps_its_rows_on_a_volume_of_Strakes(string option)
    {
        await StartAsync("first", "--mount", $"type=volume,source=served,target=/var/lib/mysql,volume-driver=strake{option}");
        await QueryAsync("first", "CREATE DATABASE shop; CREATE TABLE shop.item (id INT PRIMARY KEY); INSERT INTO shop.item VALUES (1)");
        Assert.Equal("strake served", await docker.Client.OkAsync("volume", "ls", "--format", "{{.Driver}} {{.Name}}"));
        Assert.Equal("local served", await engine.Docker.OkAsync("volume", "ls", "--format", "{{.Driver}} {{.Name}}"));
        Assert.Equal($"{engine.DataRoot}/volumes/served/_data", await docker.Client.OkAsync("volume", "inspect", "--format", "{{.Mountpoint}}", "served"));

        // The database is killed, and starts again on what it had.
        await docker.Client.OkAsync("kill", "first");
        await docker.Client.OkAsync("start", "first");
        await AnswersAsync("first");
        await QueryAsync("first", "INSERT INTO shop.item VALUES (2)");

        // Strake is killed and comes back: who has the volume keeps it, and it is known who that is.
        await engine.KillAsync();
        await QueryAsync("first", "INSERT INTO shop.item VALUES (3)");
        await engine.LaunchAsync();
        Assert.StartsWith("engine/", await WhyAsync(), StringComparison.Ordinal);
        Assert.Contains("driver 'strake' already has volume 'served': volume name must be unique", await docker.Client.RefusedAsync("volume", "create", "-d", "local", "served"), StringComparison.Ordinal);
        Assert.Contains("volume is in use", await engine.Docker.RefusedAsync("volume", "rm", "served"), StringComparison.Ordinal);
        await docker.Client.OkAsync("rm", "-f", "first");
        Assert.Equal("nobody uses served: it can be removed", await WhyAsync());

        await StartAsync("second", "-v", "served:/var/lib/mysql");
        Assert.Equal("1\n2\n3", await QueryAsync("second", "SELECT id FROM shop.item ORDER BY id"));
        await docker.Client.OkAsync("rm", "-f", "second");
        await docker.Client.OkAsync("volume", "rm", "served");
        Assert.Empty(await engine.Docker.OkAsync("volume", "ls", "-q"));
        Assert.Contains("0 findings", (await engine.FsckAsync()).Ok(), StringComparison.Ordinal);
    }

    async Task StartAsync(string name, params string[] mount)
    {
        await docker.Client.OkAsync(["run", "-d", "--name", name, "--network", "none", .. mount, "mysql"]);
        await AnswersAsync(name);
    }

    Task AnswersAsync(string name) =>
        Until.TrueAsync(async () => (await docker.Client.RunAsync("exec", name, "mysqladmin", "ping")).Code == 0, "the database answers", s_initialisation);

    Task<string> QueryAsync(string name, string sql) => docker.Client.OkAsync("exec", name, "mysql", "-Ne", sql);

    async Task<string> WhyAsync() => (await Command.RunAsync(TestSetting.Program, ["volume", "why", "served", "--host", engine.Host])).Ok();
}
