using System.Diagnostics;
using System.Globalization;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Registry;

/// <summary>What has come once need not come again: the daemon is killed, the client is killed, the line is cut. Bytes are counted.</summary>
public sealed class ResumeTests(LoadedEngine loaded, RunningRegistry running) : EngineTests(loaded), IClassFixture<RunningRegistry>
{
    const long MiB = 1 << 20;

    // What is asked again at each new begin: manifest, config, headers.
    const long Overhead = 64 << 10;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_pull_that_died_with_the_daemon_goes_on_where_it_was()
    {
        StrakeOnly("its pulls begin anew");
        var (line, name, whole) = await PreparedAsync("killed");
        await using var _ = line;
        var held = line.HoldAfter(whole / 2);
        using var client = Command.Start("docker", ["pull", name], Docker.Environment);
        await held;
        await ArrivedAsync(line, before: whole);
        await Engine.KillAsync();
        await EndedAsync(client);
        line.Release();

        await Engine.LaunchAsync();
        Assert.Contains("0 findings", (await Engine.FsckAsync()).Ok(), StringComparison.Ordinal);
        await AssertPulledAsync(line, name, whole, cuts: 1);
    }

    [Fact]
    public async Task A_pull_that_the_user_gave_up_goes_on_where_it_was()
    {
        StrakeOnly("its pulls begin anew");
        var (line, name, whole) = await PreparedAsync("given-up");
        await using var _ = line;
        var held = line.HoldAfter(whole / 2);
        using (var client = Command.Start("docker", ["pull", name], Docker.Environment))
        {
            await held;
            await ArrivedAsync(line, before: whole);
            client.Kill();
            await EndedAsync(client);
        }

        await line.GivenUpAsync();
        line.Release();
        await AssertPulledAsync(line, name, whole, cuts: 1);
    }

    [Fact]
    public async Task A_pull_that_is_cut_a_hundred_times_ends_right_and_fetches_nothing_twice()
    {
        StrakeOnly("its pulls begin anew");
        var (line, name, whole) = await PreparedAsync("cut", "debian");
        await using var _ = line;
        var random = new Random(11);
        var cuts = 0;
        line.Cut = () =>
        {
            lock (random)
            {
                cuts++;
                return random.Next(1, (int)(whole / 40));
            }
        };

        // A pull goes on by itself after some cuts; where there are too many, the user says it again. How often, is chance: some ten times.
        var pulls = 0;
        while ((await Docker.RunAsync("pull", "-q", name)).Code != 0) Assert.InRange(++pulls, 0, 60);
        line.Cut = () => null;
        Assert.True(cuts > 50, $"only {cuts.ToString(CultureInfo.InvariantCulture)} cuts in {(line.ServedBytes - whole).ToString(CultureInfo.InvariantCulture)} bytes of {whole.ToString(CultureInfo.InvariantCulture)}");
        await AssertPulledAsync(line, name, whole, cuts);
    }

    [Fact]
    public async Task Pulls_of_one_image_at_once_fetch_it_once()
    {
        StrakeOnly("its lines differ");
        var (line, name, whole) = await PreparedAsync("shared");
        await using var _ = line;
        var held = line.HoldAfter(whole / 2);
        var pulls = Enumerable.Range(0, 4).Select(_ => Docker.RunAsync("pull", name)).ToList();
        await held;
        line.Release();
        foreach (var pull in pulls) (await pull).Ok();
        await AssertPulledAsync(line, name, whole, cuts: 0);
    }

    [Fact]
    public async Task A_push_that_died_with_the_daemon_does_not_send_again_what_was_sent()
    {
        StrakeOnly("it is Strake's");
        var name = running.Registry.Name("died:1");
        await Docker.OkAsync("load", "-qi", TestSetting.Image("mysql.docker.tar"));
        await Docker.OkAsync("tag", "mysql", name);
        using (var client = Command.Start("docker", ["push", name], Docker.Environment))
        {
            await FirstLayerAsync(client).WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);
            await Engine.KillAsync();
            await EndedAsync(client);
        }

        await Engine.LaunchAsync();
        Assert.Contains("0 findings", (await Engine.FsckAsync()).Ok(), StringComparison.Ordinal);
        Assert.Contains("Layer already exists", await Docker.OkAsync("push", name), StringComparison.Ordinal);
        await Docker.OkAsync("rmi", name, "mysql");
        await Docker.OkAsync("pull", "-q", name);
        await Docker.OkAsync("rmi", name);
    }

    static Task EndedAsync(Process client) => client.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TimeProvider.System);

    static async Task FirstLayerAsync(Process push)
    {
        while (await push.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } said)
        {
            if (said.Contains("Pushed", StringComparison.Ordinal)) return;
        }
    }

    /// <summary>Waits until what the line has sent is in the engine's files: what stands in sockets' buffers is lost with their ends.</summary>
    Task ArrivedAsync(Line line, long before) => Until.TrueAsync(
        () => Directory.EnumerateFiles(Path.Combine(Engine.DataRoot, "image", "ingest")).Sum(f => new FileInfo(f).Length) >= line.ServedBytes - before - Overhead,
        "the engine has what was sent");

    /// <summary>An image in the registry and not in the engine, and a line to it.</summary>
    async Task<(Line Line, string Name, long WholeBytes)> PreparedAsync(string repository, string image = "mysql")
    {
        var tagged = (await Docker.OkAsync("load", "-qi", TestSetting.Image(image + ".docker.tar")))["Loaded image: ".Length..];
        var id = await Docker.ValueAsync(tagged, "{{.Id}}");
        var pushed = running.Registry.Name(repository + ":1");
        await Docker.OkAsync("tag", tagged, pushed);
        await Docker.OkAsync("push", pushed);
        await Docker.OkAsync("rmi", "-f", id);
        var line = new Line(running.Registry.Port);

        // Once undisturbed, to know what there is to come.
        var name = $"{line.Host}/{repository}:1";
        await Docker.OkAsync("pull", "-q", name);
        await Docker.OkAsync("rmi", name);
        return (line, name, line.ServedBytes);
    }

    async Task AssertPulledAsync(Line line, string name, long whole, int cuts)
    {
        await Docker.OkAsync("pull", "-q", name);
        Assert.InRange(line.ServedBytes, 2 * whole - Overhead, (2 * whole) + (cuts * MiB) + (8 * Overhead));
        Assert.Equal("runs", await Docker.OkAsync("run", "--rm", "--network", "none", "--entrypoint", "echo", name, "runs"));
        Assert.Contains("0 findings", (await Engine.FsckAsync()).Ok(), StringComparison.Ordinal);
        await Docker.OkAsync("rmi", name);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Engine.DataRoot, "image", "ingest")));
    }
}
