using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strake.Containers.Networks;

/// <summary>Runs one CNI plugin as a child process.</summary>
/// <remarks>
/// CNI specification 1.0.0, section 2, "Execution Protocol": parameters in the environment, configuration on standard
/// input, result or error on standard output.
/// </remarks>
sealed class CniPlugin(string directory, string type)
{
    /// <summary>Gives the container an interface.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="namespacePath">Its network namespace.</param>
    /// <param name="config">The plugin's configuration, with the previous plugin's result.</param>
    /// <param name="cancellationToken">Kills the plugin.</param>
    /// <returns>The result, for the next plugin and for the answer.</returns>
    public async Task<JsonObject> AddAsync(
        string containerId, string namespacePath, JsonObject config, CancellationToken cancellationToken)
    {
        ToolResult result = await RunAsync("ADD", containerId, namespacePath, config, cancellationToken);
        return JsonNode.Parse(result.Output.Span) as JsonObject
            ?? throw StrakeException.Unavailable($"network of container {containerId}: plugin {type} answered no result");
    }

    /// <summary>Takes the interface back; the namespace may be gone.</summary>
    public Task DeleteAsync(string containerId, JsonObject config, CancellationToken cancellationToken) =>
        RunAsync("DEL", containerId, namespacePath: "", config, cancellationToken);

    async Task<ToolResult> RunAsync(
        string command, string containerId, string namespacePath, JsonObject config, CancellationToken cancellationToken)
    {
        string path = Path.Combine(directory, type);
        if (!File.Exists(path))
            throw StrakeException.Unavailable($"network of container {containerId}: the CNI plugin {path} is missing; install containernetworking-plugins, or use --network none or host");

        ToolResult result = await HostTool.RunAsync(
            path,
            [],
            cancellationToken,
            [
                $"CNI_COMMAND={command}", $"CNI_CONTAINERID={containerId}", $"CNI_NETNS={namespacePath}",
                "CNI_IFNAME=eth0", $"CNI_PATH={directory}",
            ],
            Encoding.UTF8.GetBytes(config.ToJsonString()));
        return result.Succeeded
            ? result
            : throw StrakeException.Unavailable($"network of container {containerId}: plugin {type} {command} failed: {ErrorOf(result)}");
    }

    // Section 5.3, "Error": an object with code, msg and details.
    static string ErrorOf(ToolResult result)
    {
        try
        {
            if (JsonNode.Parse(result.Output.Span) is JsonObject error && error["msg"] is { } message)
                return $"{message} {error["details"]}".Trim();
        }
        catch (JsonException)
        {
            // Not in the form of the specification: the text itself is the best there is.
        }

        return $"{Encoding.UTF8.GetString(result.Output.Span)} {result.Errors}".Trim();
    }
}
