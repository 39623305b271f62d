using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Volumes;

/// <summary>The main job: a database on a volume, whose rows outlive the container.</summary>
public sealed class DatabaseTests(LoadedEngine loaded) : EngineTests(loaded)
{
    static readonly TimeSpan s_initialisation = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Rows_are_there_again_on_a_volume_made_before()
    {
        var volume = Engine.NewVolume();
        await Docker.OkAsync("volume", "create", volume);
        await RowsOutliveTheContainerAsync("-v", $"{volume}:/var/lib/mysql");
    }

    [Fact]
    public Task Rows_are_there_again_on_a_volume_never_made_before() =>
        RowsOutliveTheContainerAsync("-v", $"{Engine.NewVolume()}:/var/lib/mysql");

    [Fact]
    public Task Rows_are_there_again_in_a_directory_of_the_host() =>
        RowsOutliveTheContainerAsync("-v", $"{Engine.NewFolder().There}:/var/lib/mysql");

    [Fact]
    public Task Rows_are_there_again_in_a_directory_bound_with_mount() =>
        RowsOutliveTheContainerAsync("--mount", $"type=bind,source={Engine.NewFolder().There},target=/var/lib/mysql");

    [Fact]
    public async Task Environment_variables_set_password_and_database()
    {
        await LoadAsync();
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", name, "--network", "none", "-e", "MYSQL_ROOT_PASSWORD=it's", "-e", "MYSQL_DATABASE=shop", "mysql");
        await Until.TrueAsync(async () => (await Docker.RunAsync("exec", name, "mysqladmin", "-uroot", "-pit's", "ping")).Code == 0, "the database answers", s_initialisation);
        Assert.Equal("shop", await Docker.OkAsync("exec", name, "mysql", "-uroot", "-pit's", "-Ne", "SHOW DATABASES LIKE 'shop'"));
        await Docker.RefusedAsync("exec", name, "mysql", "-uroot", "-e", "SELECT 1");
        await Docker.OkAsync("rm", "-fv", name);
    }

    async Task RowsOutliveTheContainerAsync(params string[] mount)
    {
        await LoadAsync();
        var first = await DatabaseAsync(mount);
        await QueryAsync(first, "CREATE DATABASE shop; CREATE TABLE shop.item (id INT PRIMARY KEY, name VARCHAR(40)); INSERT INTO shop.item VALUES (1, 'plank'), (2, 'nail')");
        await Docker.OkAsync("rm", "-f", first);
        var second = await DatabaseAsync(mount);
        Assert.Equal("1\tplank\n2\tnail", await QueryAsync(second, "SELECT * FROM shop.item ORDER BY id"));
        await Docker.OkAsync("rm", "-f", second);
    }

    Task LoadAsync() => Docker.OkAsync("load", "-qi", TestSetting.Image("mysql.docker-gzip.tar"));

    async Task<string> DatabaseAsync(string[] mount)
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync(["run", "-d", "--name", name, "--network", "none", .. mount, "mysql"]);
        await Until.TrueAsync(async () => (await Docker.RunAsync("exec", name, "mysqladmin", "ping")).Code == 0, "the database answers", s_initialisation);
        return name;
    }

    Task<string> QueryAsync(string name, string sql) => Docker.OkAsync("exec", name, "mysql", "-Ne", sql);
}
