using System.Diagnostics;
using System.Globalization;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Csi;

/// <summary>The CSI driver of <c>driver/driver.js</c>, as a process: its storage outlives it.</summary>
public sealed class FolderDriver : IAsyncDisposable
{
    /// <summary>What it calls itself.</summary>
    public const string Name = "folders.csi.example";

    static readonly string s_packages = Path.Combine(Environment.GetEnvironmentVariable("STRAKE_CACHE") is { Length: > 0 } cache ? cache : "/var/cache/strake", "grpc-js", "node_modules");

    readonly string folder;
    readonly string? registry;
    Process? process;

    FolderDriver(string folder, string? registry) => (this.folder, this.registry) = (folder, registry);

    /// <summary>Its socket.</summary>
    public string Socket => Path.Combine(folder, "csi.sock");

    string Storage => Path.Combine(folder, "storage");

    /// <summary>Starts one, and waits until its socket is there; skips the test where it cannot be.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="registry">Where it registers; null: nowhere.</param>
    public static async Task<FolderDriver> StartAsync(string folder, string? registry = null)
    {
        Assert.SkipUnless(Engine.IsStrake, "the driver is started for an engine of the tests' own");
        Assert.SkipUnless(Directory.Exists(s_packages), "node's gRPC is not here: eng/setup --test fetches it");
        var driver = new FolderDriver(folder, registry);
        Directory.CreateDirectory(driver.Storage);
        await driver.LaunchAsync();
        return driver;
    }

    /// <summary>Starts it again.</summary>
    public async Task LaunchAsync()
    {
        File.Delete(Socket);
        var source = SourceFolder();
        string[] register = registry is null ? [] : ["--register", registry];
        process = Command.Start(
            "sh",
            ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", Path.Combine(folder, "log"), "node", Path.Combine(source, "tests/Strake.EndToEnd.Tests/Csi/driver/driver.js"),
                "--endpoint", Socket, "--folder", Storage, "--protos", Path.Combine(source, "src/Strake.Csi/Protos"), .. register],
            new Dictionary<string, string> { ["NODE_PATH"] = s_packages });
        await Until.TrueAsync(() => File.Exists(Socket), "the driver listens");
    }

    /// <summary>Kills it.</summary>
    public async Task KillAsync()
    {
        if (process is null) return;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public Task EndedAsync() => process!.WaitForExitAsync(TestContext.Current.CancellationToken);

    /// <summary>Has the next call of a method do something else: see driver.js.</summary>
    public Task OrderAsync(string method, string order) => File.WriteAllTextAsync(Path.Combine(Storage, "orders", method), order);

    /// <summary>Takes an order back.</summary>
    public void Forget(string method) => File.Delete(Path.Combine(Storage, "orders", method));

    /// <summary>How often a method was called.</summary>
    public int CallsOf(string method) => File.ReadLines(Path.Combine(Storage, "calls")).Count(call => call == method);

    /// <summary>How many volumes within pods it has.</summary>
    public async Task<int> InlineAsync()
    {
        using var state = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Storage, "state.json"), TestContext.Current.CancellationToken));
        return state.RootElement.GetProperty("inline").EnumerateObject().Count();
    }

    /// <summary>What it has: <c>volumes snapshots</c>, by number.</summary>
    public async Task<string> CountAsync()
    {
        if (!File.Exists(Path.Combine(Storage, "state.json"))) return "0 0";
        using var state = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Storage, "state.json"), TestContext.Current.CancellationToken));
        return string.Create(CultureInfo.InvariantCulture, $"{state.RootElement.GetProperty("volumes").EnumerateObject().Count()} {state.RootElement.GetProperty("snapshots").EnumerateObject().Count()}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        foreach (var loop in (await Command.RunAsync("sh", ["-c", $"losetup -n -O NAME,BACK-FILE | grep '{Storage}' | cut -d' ' -f1"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await Command.RunAsync("losetup", ["-d", loop]);
    }

    static string SourceFolder()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(at, "Strake.slnx"))) return at;
        throw new InvalidOperationException("the tests do not lie in a checkout");
    }
}
