using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Strake.EndToEnd.Tests.Harness;

/// <summary>
/// An engine under test: a daemon that was started on roots of its own, or the one that <see cref="TestSetting.Host"/> names.
/// Disposing removes what the tests made, stops the daemon and fails when anything is left of it.
/// </summary>
public sealed class Engine : IAsyncDisposable
{
    readonly TestRoot _root;
    readonly List<string> _containers = [];
    readonly List<string> _volumes = [];
    readonly List<string> _folders = [];
    readonly List<string> _daemonOptions;
    Process? _daemon;
    int _names;

    Engine(TestRoot root, string dataRoot, IEnumerable<string> daemonOptions)
    {
        _root = root;
        DataRoot = dataRoot;
        _daemonOptions = [.. daemonOptions];
        Docker = new DockerCli(Host, root.Folder("config"));
        Http = new EngineHttp(Socket);
    }

    /// <summary>Whether the engine is Strake, with all that only Strake has.</summary>
    public static bool IsStrake => TestSetting.Host is null;

    /// <summary>The docker client, speaking to this engine.</summary>
    public DockerCli Docker { get; }

    /// <summary>The engine's API itself, for what the client does not show: status codes, hostile requests.</summary>
    public EngineHttp Http { get; }

    /// <summary>The data root; the engine must be Strake.</summary>
    public string DataRoot { get; }

    /// <summary>The exec root; the engine must be Strake.</summary>
    public string ExecRoot => Path.Combine(_root.Path, "x");

    /// <summary>A folder for the test's own files.</summary>
    public string Scratch => _root.Folder("scratch");

    /// <summary>The daemon's log.</summary>
    public string LogPath => Path.Combine(_root.Path, "daemon.log");

    /// <summary>Its address, as DOCKER_HOST takes it.</summary>
    public string Host => TestSetting.Host ?? $"unix://{ExecRoot}/docker.sock";

    string Socket => Host["unix://".Length..];

    /// <summary>Starts an engine and waits until it answers.</summary>
    /// <param name="options">What differs from an engine with defaults; null: nothing.</param>
    public static async Task<Engine> StartAsync(EngineOptions? options = null)
    {
        options ??= new EngineOptions();
        var root = await TestRoot.CreateAsync();
        var engine = new Engine(root, options.DataRoot ?? Path.Combine(root.Path, "d"), options.Arguments);
        try
        {
            await engine.LaunchAsync(options.Environment);
            return engine;
        }
        catch
        {
            engine.Http.Dispose();
            await Leftovers.RemoveAsync(root.Path);
            throw;
        }
    }

    /// <summary>A name that nothing else has, for a container that is removed when the engine is disposed.</summary>
    public string NewContainer()
    {
        var name = NewName("c");
        _containers.Add(name);
        return name;
    }

    /// <summary>A name that nothing else has, for a volume that is removed when the engine is disposed.</summary>
    public string NewVolume()
    {
        var name = NewName("v");
        _volumes.Add(name);
        return name;
    }

    /// <summary>A new folder on the engine's host.</summary>
    public SharedFolder NewFolder()
    {
        var folder = new SharedFolder(Path.Combine(IsStrake ? Scratch : "/tmp", NewName("f")));
        _folders.Add(folder.Here);
        return folder;
    }

    /// <summary>A path for a new file of the test.</summary>
    public string NewPath() => Path.Combine(Scratch, NewName("p"));

    /// <summary>A new file of the test with this content; returns its path.</summary>
    public string NewFile(string text)
    {
        var path = NewPath();
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Kills the daemon as a power cut would, without a word.</summary>
    public async Task KillAsync()
    {
        var daemon = _daemon ?? throw new InvalidOperationException("the daemon does not run");
        if (!daemon.HasExited) daemon.Kill();
        await DaemonEndsAsync();
    }

    /// <summary>Stops the daemon as a service manager does.</summary>
    public async Task StopAsync()
    {
        var daemon = _daemon ?? throw new InvalidOperationException("the daemon does not run");
        await Command.RunAsync("kill", ["-TERM", daemon.Id.ToString(CultureInfo.InvariantCulture)]);
        await DaemonEndsAsync();
    }

    /// <summary>Waits until the daemon has ended by itself; for daemons with a fault.</summary>
    public async Task DaemonEndsAsync()
    {
        var daemon = _daemon ?? throw new InvalidOperationException("the daemon does not run");
        await daemon.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30) * TestSetting.Patience, TimeProvider.System);
        daemon.Dispose();
        _daemon = null;
    }

    /// <summary>Whether the daemon runs.</summary>
    public bool IsUp => _daemon is { HasExited: false };

    /// <summary>The most memory that the daemon ever had resident, in bytes.</summary>
    public long PeakMemory()
    {
        var daemon = _daemon ?? throw new InvalidOperationException("the daemon does not run");
        var line = File.ReadLines($"/proc/{daemon.Id.ToString(CultureInfo.InvariantCulture)}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Starts the daemon again on the same roots; it must not run.</summary>
    /// <param name="environment">Variables for it; null: none.</param>
    public async Task LaunchAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        if (IsStrake) StartDaemon(environment);
        await Until.TrueAsync(AnswersAsync, $"the engine answers on {Host}");
    }

    /// <summary>Runs `strake fsck` on the roots.</summary>
    public Task<CommandResult> FsckAsync() =>
        Command.RunAsync(TestSetting.Program, ["fsck", "--data-root", DataRoot, "--exec-root", ExecRoot]);

    /// <summary>Runs a line of shell in which `docker` speaks to this engine.</summary>
    public Task<CommandResult> ShellAsync(string line, TimeSpan? timeout = null) =>
        Command.RunAsync("sh", ["-c", line], Docker.Environment, timeout: timeout);

    /// <summary>Attaches to a running container that answers lines with lines, and returns its answer to one.</summary>
    /// <remarks>The client is killed then: an attachment ends with the container, not with its input.</remarks>
    public async Task<string?> AnswerAsync(string container, string line)
    {
        using var client = Command.Start("docker", ["attach", container], Docker.Environment);
        try
        {
            await client.StandardInput.WriteLineAsync(line);
            await client.StandardInput.FlushAsync();
            return await client.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1) * TestSetting.Patience, TimeProvider.System);
        }
        finally
        {
            client.Kill();
            await client.WaitForExitAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (IsStrake && !IsUp) await LaunchAsync();
            await RemoveAllAsync();
            if (IsStrake) await StopAsync();
        }
        finally
        {
            Http.Dispose();
            _daemon?.Dispose();
            await _root.DisposeAsync();
        }
    }

    string NewName(string kind) =>
        $"e{kind}{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{Path.GetFileName(_root.Path).Split('-')[^1]}-{Interlocked.Increment(ref _names).ToString(CultureInfo.InvariantCulture)}";

    void StartDaemon(IReadOnlyDictionary<string, string>? environment)
    {
        // The log is the shell's redirection, not a pipe of ours: a daemon must not depend on who reads it.
        string[] line = ["daemon", "--data-root", DataRoot, "--exec-root", ExecRoot, "-H", Host, .. _daemonOptions];
        _daemon = Command.Start(
            "sh", ["-c", $"exec \"$0\" \"$@\" >>'{LogPath}' 2>&1 </dev/null", TestSetting.Program, .. line], environment);
    }

    async Task<bool> AnswersAsync()
    {
        if (IsStrake && !IsUp) throw new InvalidOperationException($"the daemon ended while it started:\n{await File.ReadAllTextAsync(LogPath)}");
        try
        {
            return (await Http.GetAsync("/_ping")).Status == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    async Task RemoveAllAsync()
    {
        var containers = IsStrake ? (await Docker.OkAsync("ps", "-aq")).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [.. _containers];
        if (containers.Length > 0) await Docker.RunAsync(["rm", "-fv", .. containers]);
        if (_volumes.Count > 0 && !IsStrake) await Docker.RunAsync(["volume", "rm", "-f", .. _volumes]);
        foreach (var folder in _folders.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }
}
