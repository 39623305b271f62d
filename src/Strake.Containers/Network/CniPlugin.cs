using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Linux;

namespace Strake.Containers.Networks;

/// <summary>Runs one CNI plugin as a child process.</summary>
/// <remarks>
/// CNI specification 1.0.0, section 2, "Execution Protocol": parameters in the environment, configuration on standard
/// input, result or error on standard output.
/// </remarks>
sealed class CniPlugin(string directory, string type)
{
    const int OutputLimit = 64 * 1024;
    static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    /// <summary>Gives the container an interface.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="namespacePath">Its network namespace.</param>
    /// <param name="config">The plugin's configuration, with the previous plugin's result.</param>
    /// <param name="cancellationToken">Kills the plugin.</param>
    /// <returns>The result, for the next plugin and for the answer.</returns>
    public async Task<JsonObject> AddAsync(
        string containerId, string namespacePath, JsonObject config, CancellationToken cancellationToken)
    {
        ProcessResult result = await RunAsync("ADD", containerId, namespacePath, config, cancellationToken);
        return JsonNode.Parse(result.Output) as JsonObject
            ?? throw StrakeException.Unavailable($"network of container {containerId}: plugin {type} answered no result");
    }

    /// <summary>Takes the interface back; the namespace may be gone.</summary>
    public Task DeleteAsync(string containerId, JsonObject config, CancellationToken cancellationToken) =>
        RunAsync("DEL", containerId, namespacePath: "", config, cancellationToken);

    async Task<ProcessResult> RunAsync(
        string command, string containerId, string namespacePath, JsonObject config, CancellationToken cancellationToken)
    {
        string path = Path.Combine(directory, type);
        if (!File.Exists(path))
            throw StrakeException.Unavailable($"network of container {containerId}: the CNI plugin {path} is missing; install containernetworking-plugins, or use --network none or host");

        var run = new ProcessRun(path, [path])
        {
            Environment =
            [
                $"CNI_COMMAND={command}", $"CNI_CONTAINERID={containerId}", $"CNI_NETNS={namespacePath}",
                "CNI_IFNAME=eth0", $"CNI_PATH={directory}", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            ],
            Input = JsonSerializer.SerializeToUtf8Bytes(config, CniJson.Default.JsonObject),
            OutputLimitBytes = OutputLimit,
            TimeLimit = TimeLimit,
        };
        ProcessResult result = await run.RunAsync(cancellationToken);
        return result.ExitCode == 0
            ? result
            : throw StrakeException.Unavailable($"network of container {containerId}: plugin {type} {command} failed: {ErrorOf(result)}");
    }

    // Section 5.3, "Error": an object with code, msg and details.
    static string ErrorOf(ProcessResult result)
    {
        try
        {
            if (JsonNode.Parse(result.Output) is JsonObject error && error["msg"] is { } message)
                return $"{message} {error["details"]}".Trim();
        }
        catch (JsonException)
        {
            // Not in the form of the specification: the text itself is the best there is.
        }

        return $"exit code {result.ExitCode}: {System.Text.Encoding.UTF8.GetString(result.Output)}{System.Text.Encoding.UTF8.GetString(result.Errors)}".Trim();
    }
}
