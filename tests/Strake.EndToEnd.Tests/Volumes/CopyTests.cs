using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Volumes;

/// <summary>Snapshots, clones and the trash, as users have them.</summary>
public sealed class CopyTests(LoadedEngine loaded) : EngineTests(loaded)
{
    const string None = "it has no such command";

    static readonly TimeSpan s_initialisation = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("")]
    [InlineData("size=1g")]
    public async Task A_running_database_starts_from_its_snapshot_and_from_its_clone(string option)
    {
        StrakeOnly(None);
        await Docker.OkAsync("load", "-qi", TestSetting.Image("mysql.docker-gzip.tar"));
        var volume = Engine.NewVolume();
        await Docker.OkAsync(["volume", "create", .. option.Length > 0 ? ["-o", option] : Array.Empty<string>(), volume]);
        var database = await DatabaseAsync(volume);
        await QueryAsync(database, "CREATE DATABASE shop; CREATE TABLE shop.item (id INT PRIMARY KEY); INSERT INTO shop.item VALUES (1), (2)");

        await StrakeAsync("snapshot", volume, "before");
        await QueryAsync(database, "INSERT INTO shop.item VALUES (3)");
        var clone = Engine.NewVolume();
        await StrakeAsync("clone", volume, clone);
        await QueryAsync(database, "DROP TABLE shop.item");
        Assert.Contains("mounted", (await RunAsync("rollback", $"{volume}@before")).Error, StringComparison.Ordinal);
        await Docker.OkAsync("rm", "-f", database);

        await StrakeAsync("rollback", $"{volume}@before");
        Assert.Equal("1\n2", await RowsAsync(volume));
        Assert.Equal("1\n2\n3", await RowsAsync(clone));
        Assert.Equal("1\n2", await RowsAsync(await CloneAsync($"{volume}@before")));
    }

    [Fact]
    public async Task Who_writes_goes_on_after_a_snapshot_and_the_cost_is_told_before_it()
    {
        StrakeOnly(None);
        var volume = Engine.NewVolume();
        var name = await SleeperAsync("-v", $"{volume}:/v");
        await Docker.OkAsync("exec", name, "sh", "-c", "dd if=/dev/urandom of=/v/f bs=1M count=3 2>/dev/null");
        var said = await StrakeAsync("snapshot", volume, "one");
        Assert.EndsWith($"{volume}@one", said, StringComparison.Ordinal);
        // Nothing is copied, and nothing said, where the file system shares.
        Assert.True(said.StartsWith("copying 3 MiB", StringComparison.Ordinal) || said == $"{volume}@one", said);
        Assert.Equal("running", await Docker.ValueAsync(name, "{{.State.Status}}"));
        Assert.StartsWith($"{volume}@one", await StrakeAsync("snapshots", volume), StringComparison.Ordinal);
        Assert.Contains("already", (await RunAsync("snapshot", volume, "one")).Error, StringComparison.Ordinal);
        await StrakeAsync("rm", $"{volume}@one");
        Assert.Equal("", await StrakeAsync("snapshots", volume));
        Assert.Contains("no snapshot", (await RunAsync("rm", $"{volume}@one")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_in_the_trash_is_gone_for_everybody_and_comes_back_whole()
    {
        StrakeOnly(None);
        var volume = Engine.NewVolume();
        var name = await SleeperAsync("-v", $"{volume}:/v");
        await Docker.OkAsync("exec", name, "sh", "-c", "echo kept >/v/f");
        Assert.Contains("in use", (await RunAsync("rm", volume)).Error, StringComparison.Ordinal);
        await Docker.OkAsync("rm", "-f", name);

        Assert.Contains("in the trash until", await StrakeAsync("rm", volume, "--keep", "1h"), StringComparison.Ordinal);
        Assert.Contains("no such volume", await Docker.RefusedAsync("volume", "inspect", volume), StringComparison.Ordinal);
        Assert.DoesNotContain(volume, await Docker.OkAsync("volume", "ls", "-q"), StringComparison.Ordinal);
        Assert.Contains(volume, await StrakeAsync("trash"), StringComparison.Ordinal);
        await Engine.KillAsync();
        await Engine.LaunchAsync();

        await Docker.OkAsync("volume", "create", volume);
        Assert.Contains("another name", (await RunAsync("restore", volume)).Error, StringComparison.Ordinal);
        var restored = Engine.NewVolume();
        await StrakeAsync("restore", volume, restored);
        Assert.Equal("kept", await BusyboxAsync("cat /v/f", "-v", $"{restored}:/v"));
        Assert.Contains("no such volume in the trash", (await RunAsync("restore", volume)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_is_renamed_while_nobody_uses_it()
    {
        StrakeOnly(None);
        var (volume, other) = (Engine.NewVolume(), Engine.NewVolume());
        var name = await SleeperAsync("-v", $"{volume}:/v");
        await Docker.OkAsync("exec", name, "sh", "-c", "echo kept >/v/f");
        Assert.Contains("in use", (await RunAsync("rename", volume, other)).Error, StringComparison.Ordinal);
        await Docker.OkAsync("rm", "-f", name);
        await StrakeAsync("rename", volume, other);
        await Docker.RefusedAsync("volume", "inspect", volume);
        Assert.Equal("kept", await BusyboxAsync("cat /v/f", "-v", $"{other}:/v"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("size=20m")]
    public async Task What_is_exported_is_imported_as_it_was(string option)
    {
        StrakeOnly(None);
        var volume = Engine.NewVolume();
        await Docker.OkAsync("volume", "create", volume);
        var name = await SleeperAsync("-v", $"{volume}:/v");
        await Docker.OkAsync("exec", name, "sh", "-c", "mkdir /v/d; echo kept >/v/d/f; ln /v/d/f /v/g; ln -s d/f /v/l; chown 7:8 /v/d; chmod 2750 /v/d; mkfifo /v/p");
        var tar = Engine.NewPath();
        await StrakeAsync("export", volume, "--output", tar);
        Assert.Equal("running", await Docker.ValueAsync(name, "{{.State.Status}}"));
        await StrakeAsync("snapshot", volume, "one");
        await Docker.OkAsync("exec", name, "rm", "/v/g");
        var old = Engine.NewPath();
        await StrakeAsync("export", $"{volume}@one", "--output", old);
        var imported = Engine.NewVolume();
        Assert.Contains("already", (await RunAsync("import", volume, tar)).Error, StringComparison.Ordinal);
        await StrakeAsync(["import", imported, tar, .. option.Length > 0 ? ["-o", option] : Array.Empty<string>()]);
        const string look = "cd /v; echo $(cat l g; stat -c '%u:%g %a %h' d g; stat -c %F p)";
        Assert.Equal("kept kept 7:8 2750 2 644 2 fifo", await BusyboxAsync(look.Replace("'%u:%g %a %h' d g", "'%u:%g %a %h' d; stat -c '%a %h' g", StringComparison.Ordinal), "-v", $"{imported}:/v"));
        Assert.Contains("g", (await Command.RunAsync("tar", ["-tf", old])).Output, StringComparison.Ordinal);
        // Copies to be read are nobody's, and gone.
        Assert.Equal([volume, imported], (await Docker.OkAsync("volume", "ls", "-q")).Split('\n').Where(one => one == volume || one == imported || one.Length == 64));
    }

    [Fact]
    public async Task Changes_since_a_snapshot_are_exported_and_imported_onto_what_there_was()
    {
        StrakeOnly(None);
        var (volume, name) = await ChangingAsync();
        var (whole, changes) = (Engine.NewPath(), Engine.NewPath());
        await StrakeAsync("export", $"{volume}@mon", "--output", whole);
        await StrakeAsync("export", $"{volume}@tue", "--since", "mon", "--output", changes);
        var told = (await Command.RunAsync("tar", ["-tf", changes])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["./", ".wh.gone", "changed", "d/", "d/.wh.old", "d/new"], told.Order(StringComparer.Ordinal));

        var (first, second, third) = (Engine.NewVolume(), Engine.NewVolume(), Engine.NewVolume());
        await StrakeAsync("import", first, whole);
        Assert.Equal("7:8 1750 mon mon old kept", await LookAsync(first));
        await StrakeAsync("import", second, changes, "--onto", first);
        Assert.Equal("7:8 1770 tue new kept", await LookAsync(second));
        await StrakeAsync("import", third, changes, "--onto", $"{volume}@mon");
        Assert.Equal("7:8 1770 tue new kept", await LookAsync(third));
        Assert.Equal("7:8 1750 mon mon old kept", await LookAsync(first));

        await Docker.OkAsync("exec", name, "touch", "/v/.wh.odd");
        Assert.Contains(".wh.odd", (await RunAsync("export", volume, "--since", "tue", "--output", Engine.NewPath())).Error, StringComparison.Ordinal);
        Assert.Contains("begins as", (await RunAsync("import", Engine.NewVolume(), changes, "--onto", first, "-o", "size=1m")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_to_an_OCI_layout_goes_through_a_registry_s_tools_and_back()
    {
        StrakeOnly(None);
        var (volume, _) = await ChangingAsync();
        var layout = Engine.NewPath();
        Assert.Equal($"{layout}:mon", await StrakeAsync("export", $"{volume}@mon", "--oci", layout));
        Assert.Equal($"{layout}:tue", await StrakeAsync("export", $"{volume}@tue", "--oci", layout, "--since", "mon"));
        Assert.Contains("its tags are mon, tue", (await RunAsync("export", volume, "--oci", layout, "--since", "wed")).Error, StringComparison.Ordinal);

        var copied = Engine.NewPath();
        foreach (var tag in (string[])["mon", "tue"])
            Assert.Equal(0, (await Command.RunAsync("skopeo", ["copy", "--insecure-policy", $"oci:{layout}:{tag}", $"oci:{copied}:{tag}"])).Code);
        var (first, second) = (Engine.NewVolume(), Engine.NewVolume());
        await StrakeAsync("import", first, "--oci", $"{copied}:mon");
        await StrakeAsync("import", second, "--oci", copied);
        Assert.Equal("7:8 1750 mon mon old kept", await LookAsync(first));
        Assert.Equal("7:8 1770 tue new kept", await LookAsync(second));
    }

    [Fact]
    public async Task A_damaged_export_leaves_no_volume()
    {
        StrakeOnly(None);
        var (volume, _) = await ChangingAsync();
        var layout = Engine.NewPath();
        await StrakeAsync("export", $"{volume}@mon", "--oci", layout);
        var layer = Directory.GetFiles(Path.Combine(layout, "blobs/sha256")).MaxBy(static path => new FileInfo(path).Length)!;
        var bytes = File.ReadAllBytes(layer);
        // In a file's content: the tar can be read all the same.
        bytes[bytes.AsSpan().IndexOf("kept\n"u8)] = (byte)'w';
        File.WriteAllBytes(layer, bytes);

        var imported = Engine.NewVolume();
        Assert.Contains("digest", (await RunAsync("import", imported, "--oci", layout)).Error, StringComparison.Ordinal);
        await Docker.RefusedAsync("volume", "inspect", imported);
    }

    [Fact]
    public async Task What_is_no_tar_leaves_no_volume()
    {
        StrakeOnly(None);
        var volume = Engine.NewVolume();
        Assert.Equal(1, (await RunAsync("import", volume, Engine.NewFile("no tar at all"))).Code);
        await Docker.RefusedAsync("volume", "inspect", volume);
    }

    // A volume with a snapshot before its changes, and one after them.
    async Task<(string Volume, string User)> ChangingAsync()
    {
        var volume = Engine.NewVolume();
        var name = await SleeperAsync("-v", $"{volume}:/v");
        await Docker.OkAsync("exec", name, "sh", "-c", "cd /v; mkdir d; echo kept >d/kept; echo old >d/old; echo mon >changed; echo mon >gone; chown 7:8 .; chmod 1750 .");
        await StrakeAsync("snapshot", volume, "mon");
        await Docker.OkAsync("exec", name, "sh", "-c", "cd /v; rm gone d/old; echo new >d/new; echo tue >changed; chmod 1770 .");
        await StrakeAsync("snapshot", volume, "tue");
        return (volume, name);
    }

    Task<string> LookAsync(string volume) =>
        BusyboxAsync("cd /v; echo $(stat -c '%u:%g %a' .; cat changed gone d/old d/new d/kept 2>/dev/null)", "-v", $"{volume}:/v");

    async Task<string> CloneAsync(string reference)
    {
        var clone = Engine.NewVolume();
        await StrakeAsync("clone", reference, clone);
        return clone;
    }

    async Task<string> RowsAsync(string volume)
    {
        var database = await DatabaseAsync(volume);
        var rows = await QueryAsync(database, "SELECT id FROM shop.item ORDER BY id");
        await Docker.OkAsync("rm", "-f", database);
        return rows;
    }

    async Task<string> DatabaseAsync(string volume)
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", name, "--network", "none", "-v", $"{volume}:/var/lib/mysql", "mysql");
        await Until.TrueAsync(async () => (await Docker.RunAsync("exec", name, "mysqladmin", "ping")).Code == 0, "the database answers", s_initialisation);
        return name;
    }

    Task<string> QueryAsync(string name, string sql) => Docker.OkAsync("exec", name, "mysql", "-Ne", sql);

    async Task<string> StrakeAsync(params string[] words) => (await RunAsync(words)).Ok();

    Task<CommandResult> RunAsync(params string[] words) => Command.RunAsync(TestSetting.Program, ["volume", .. words, "--host", Engine.Host]);
}
