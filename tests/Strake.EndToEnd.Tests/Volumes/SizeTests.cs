using System.Globalization;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Volumes;

/// <summary>Volumes with a size, as a container sees them.</summary>
public sealed class SizeTests(LoadedEngine loaded) : EngineTests(loaded)
{
    const long Size = 100 << 20;

    [Fact]
    public async Task A_volume_of_100_MB_takes_100_MB_and_not_a_byte_more_and_resized_while_mounted_it_does()
    {
        StrakeOnly("it has sizes only on some file systems");
        var volume = Engine.NewVolume();
        await Docker.OkAsync("volume", "create", "-o", "size=100m", volume);
        var name = await SleeperAsync("-v", $"{volume}:/v");

        Assert.Equal("102400", await ExecAsync(name, "df -k /v | tail -1 | awk '{print $4}'"));
        await ExecAsync(name, "dd if=/dev/zero of=/v/f bs=1M count=100 2>/dev/null");
        Assert.Equal(Size.ToString(CultureInfo.InvariantCulture), await ExecAsync(name, "stat -c %s /v/f"));
        Assert.Contains("No space left on device", (await Docker.RunAsync("exec", name, "sh", "-c", "echo -n x >>/v/f")).Error, StringComparison.Ordinal);
        Assert.Equal("0", await ExecAsync(name, "df -k /v | tail -1 | awk '{print $4}'"));

        Assert.Equal(0, (await StrakeAsync("resize", volume, "200m")).Code);
        Assert.Equal("102400", await ExecAsync(name, "df -k /v | tail -1 | awk '{print $4}'"));
        // A file in many pieces takes a block to say where they are.
        await ExecAsync(name, "dd if=/dev/zero of=/v/g bs=1M count=99 2>/dev/null");
        Assert.Contains("No space left on device", (await Docker.RunAsync("exec", name, "dd", "if=/dev/zero", "of=/v/h", "bs=4k", "count=257")).Error, StringComparison.Ordinal);
        Assert.Equal("200m", await Docker.OkAsync("volume", "inspect", "--format", "{{.Options.size}}", volume));
        Assert.Contains("200 MiB", (await StrakeAsync("df", volume)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_names_who_has_a_volume_and_how()
    {
        StrakeOnly("it has no such command");
        var volume = Engine.NewVolume();
        var name = await SleeperAsync("-v", $"{volume}:/v:ro");
        var said = (await StrakeAsync("why", volume)).Output;
        Assert.Contains($"({name}) at /v, read-only, mounted, since ", said, StringComparison.Ordinal);
        await Docker.OkAsync("stop", name);
        Assert.Contains("not mounted", (await StrakeAsync("why", volume)).Output, StringComparison.Ordinal);
        await Docker.OkAsync("rm", name);
        Assert.Contains("it can be removed", (await StrakeAsync("why", volume)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_kill_a_running_container_keeps_its_file_system()
    {
        StrakeOnly("it has sizes only on some file systems");
        var volume = Engine.NewVolume();
        await Docker.OkAsync("volume", "create", "-o", "size=10m", volume);
        var name = await SleeperAsync("-v", $"{volume}:/v");
        await ExecAsync(name, "echo before >/v/f");
        await Engine.KillAsync();
        await Engine.LaunchAsync();
        Assert.Equal("before", await ExecAsync(name, "cat /v/f; echo after >>/v/f"));
        Assert.Equal("before\nafter", await BusyboxAsync("cat /v/f", "-v", $"{volume}:/v"));
        Assert.Contains("0 findings", (await Engine.FsckAsync()).Output, StringComparison.Ordinal);
        await Docker.OkAsync("rm", "-f", name);
        Assert.Equal("before\nafter", await BusyboxAsync("cat /v/f", "-v", $"{volume}:/v"));
        // Other tests of the engine have volumes mounted at the same time.
        Assert.Empty(Leftovers.MountsBelow(Path.Combine(Engine.DataRoot, "volumes", volume)));
    }

    Task<string> ExecAsync(string name, string line) => Docker.OkAsync("exec", name, "sh", "-c", line);

    Task<CommandResult> StrakeAsync(params string[] words) => Command.RunAsync(TestSetting.Program, ["volume", .. words, "--host", Engine.Host]);
}
