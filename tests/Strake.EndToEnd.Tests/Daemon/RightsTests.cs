using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Daemon;

/// <summary>What a user of the machine who is not root may do with the engine's files: nothing.</summary>
public sealed class RightsTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task Another_user_cannot_look_below_the_data_root()
    {
        StrakeOnly("its data root is not the test's");
        var setuid = Engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", setuid, "--network", "none", "busybox", "sh", "-c", "chmod u+s /bin/busybox; sleep 1000");
        foreach (var folder in Directory.EnumerateDirectories(Engine.DataRoot).Append(Engine.DataRoot))
        {
            var result = await AsNobodyAsync("ls", folder);
            Assert.True(result.Code != 0, $"{folder} can be read: {result}");
        }
        var found = await AsNobodyAsync("find", Engine.DataRoot, "-perm", "-4000");
        Assert.Empty(found.Output);
    }

    [Fact]
    public async Task Another_user_cannot_speak_to_the_engine()
    {
        StrakeOnly("its socket is not the test's");
        var result = await AsNobodyAsync("curl", "-s", "--unix-socket", Engine.Host["unix://".Length..], "http://engine/_ping");
        Assert.NotEqual(0, result.Code);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Nothing_of_the_engine_is_writable_by_others()
    {
        StrakeOnly("its roots are not the test's");
        await SleeperAsync("-v", "/data");
        // What lies in layers and volumes is the images' own; the folders above them are ours.
        var found = await Command.RunAsync("find", [Engine.DataRoot, Engine.ExecRoot, "-maxdepth", "2", "!", "-type", "l", "-perm", "/022", "!", "-type", "s"]);
        Assert.Empty(found.Ok());
    }

    static Task<CommandResult> AsNobodyAsync(params string[] command) =>
        Command.RunAsync("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", .. command]);
}
