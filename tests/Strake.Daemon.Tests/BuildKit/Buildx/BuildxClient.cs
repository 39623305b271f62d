using System.Diagnostics;

namespace Strake.Daemon.Tests.BuildKit.Buildx;

/// <summary>The real client, as a process of its own. The environment variable STRAKE_TEST_BUILDX names the plugin.</summary>
sealed class BuildxClient : IDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly TestFolder config = new();
    readonly string socketPath;

    public BuildxClient(string socketPath) => this.socketPath = socketPath;

    /// <summary>Where the plugin is; null where tests have none.</summary>
    public static string? Plugin => Environment.GetEnvironmentVariable("STRAKE_TEST_BUILDX") is { Length: > 0 } path && File.Exists(path) ? path : null;

    /// <summary>Why tests with it are left out.</summary>
    public static string Missing => "STRAKE_TEST_BUILDX does not name the buildx plugin (eng/setup --test says where it is)";

    public Process Start(string folder, params string[] arguments) => Start(folder, [], arguments);

    public Process Start(string folder, KeyValuePair<string, string>[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Plugin!, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOCKER_HOST"] = "unix://" + socketPath;
        start.Environment["DOCKER_CONFIG"] = config.Path;
        start.Environment["BUILDX_CONFIG"] = config.At("buildx");
        start.Environment["HOME"] = config.Path;
        start.Environment["BUILDKIT_PROGRESS"] = "plain";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public Task<BuildxOutcome> RunAsync(string folder, params string[] arguments) => RunAsync(folder, [], arguments);

    public async Task<BuildxOutcome> RunAsync(string folder, KeyValuePair<string, string>[] environment, params string[] arguments)
    {
        using Process process = Start(folder, environment, arguments);
        process.StandardInput.Close();
        return await FinishAsync(process);
    }

    public static async Task<BuildxOutcome> FinishAsync(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"buildx has not ended: {await errors}", e);
        }

        return new BuildxOutcome(process.ExitCode, await output, await errors);
    }

    public void Dispose() => config.Dispose();
}
