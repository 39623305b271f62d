using System.Diagnostics;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Csi;

/// <summary>A driver of another maker's, registered by the registrar that Kubernetes has beside its drivers; where the environment names both programs.</summary>
/// <remarks>csi-driver-host-path and node-driver-registrar; as directories they keep their volumes, and nobody holds those within their size.</remarks>
public sealed class StockDriverTests : IAsyncLifetime
{
    const string Name = "hostpath.csi.k8s.io";

    readonly List<Process> programs = [];
    string folder = "";
    Engine engine = null!;

    DockerCli Docker => engine.Docker;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Engine.IsStrake, "the driver registers with an engine of the tests' own");
        Assert.SkipWhen(TestSetting.HostPathDriver is null || TestSetting.Registrar is null, "STRAKE_TEST_HOSTPATH and STRAKE_TEST_REGISTRAR name no programs: csi-driver-host-path's hostpathplugin and csi-node-driver-registrar");
        folder = Directory.CreateTempSubdirectory("strake-test-stock-").FullName;
        try
        {
            engine = await Engine.StartAsync(new EngineOptions());
            await Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
            string socket = Path.Combine(folder, "csi.sock");
            Start(TestSetting.HostPathDriver!, "--endpoint", $"unix://{socket}", "--statedir", Path.Combine(folder, "state"), "--nodeid", "node-1", "--enable-attach");
            Start(TestSetting.Registrar!, "--csi-address", socket, "--plugin-registration-path", Path.Combine(engine.ExecRoot, "plugins_registry"), "--kubelet-registration-path", socket);
            await Until.TrueAsync(async () => (await Docker.OkAsync("info", "--format", "{{.Plugins.Volume}}")).Contains(Name, StringComparison.Ordinal), "the driver is registered");
        }
        catch
        {
            // What was not initialized is not disposed: the driver would outlive the tests.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The registrar first, for its socket is the engine's; the driver last, for it takes back what the engine had.
        if (programs.Count > 1) await EndAsync(programs[1]);
        try
        {
            if (engine is not null) await engine.DisposeAsync();
        }
        finally
        {
            if (programs.Count > 0) await EndAsync(programs[0]);
        }

        if (folder.Length > 0) Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task From_creation_to_nothing_left()
    {
        await Docker.OkAsync("volume", "create", "-d", Name, "-o", "size=64m", "data");
        await RunAsync("echo old >/data/file", "-v", "data:/data");
        await StrakeAsync("snapshot", "data", "before");
        await RunAsync("echo new >/data/file", "-v", "data:/data");
        await StrakeAsync("clone", "data@before", "copy");
        await Docker.OkAsync("volume", "create", "-d", Name, "-o", "clone=data", "other");
        Assert.Equal("old\nnew", await RunAsync("cat /a/file /b/file", "-v", "copy:/a", "-v", "other:/b"));
        await StrakeAsync("rollback", "data@before");
        await StrakeAsync("group-snapshot", "both", "copy", "other");
        Assert.Contains("both", await StrakeAsync("snapshots", "copy"), StringComparison.Ordinal);

        var user = engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", user, "--network", "none", "-v", "data:/data", "busybox", "sleep", "1000");
        await StrakeAsync("resize", "data", "128m");
        Assert.Contains(Name, await StrakeAsync("df", "data"), StringComparison.Ordinal);
        Assert.Contains("data cannot be removed", await StrakeAsync("why", "data"), StringComparison.Ordinal);
        await engine.KillAsync();
        await engine.LaunchAsync();
        Assert.Equal("old", await Docker.OkAsync("exec", user, "cat", "/data/file"));
        await Docker.OkAsync("rm", "-f", user);

        await Docker.OkAsync("volume", "create", "-d", Name, "-o", "size=16m", "-o", "mode=block", "disk");
        Assert.Equal("written", await RunAsync("echo written | dd of=/dev/xvda conv=notrunc,fsync 2>/dev/null; head -c 7 /dev/xvda", "-v", "disk:/dev/xvda"));
        Assert.Contains("OUT_OF_RANGE", await Docker.RefusedAsync("volume", "create", "-d", Name, "-o", "size=4000g", "far"), StringComparison.Ordinal);
        Assert.Equal(0, (await engine.FsckAsync()).Code);
        await Docker.OkAsync("volume", "rm", "data", "copy", "other", "disk");
        await Until.TrueAsync(
            async () => (await File.ReadAllTextAsync(Path.Combine(folder, "state", "state.json"), TestContext.Current.CancellationToken)).StartsWith("""{"Volumes":[],"Snapshots":[],""", StringComparison.Ordinal),
            "nothing is left at the driver");
        Assert.Empty(Leftovers.MountsBelow(Path.Combine(engine.DataRoot, "csi")));
    }

    static async Task EndAsync(Process program)
    {
        if (!program.HasExited) program.Kill();
        await program.WaitForExitAsync();
        program.Dispose();
    }

    void Start(string program, params string[] arguments) =>
        programs.Add(Command.Start("sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", Path.Combine(folder, "log"), program, .. arguments]));

    Task<string> RunAsync(string line, params string[] options) => Docker.OkAsync(["run", "--rm", "--network", "none", .. options, "busybox", "sh", "-c", line]);

    async Task<string> StrakeAsync(string verb, params string[] words) => (await Command.RunAsync(TestSetting.Program, ["volume", verb, "--host", engine.Host, .. words])).Ok();
}
