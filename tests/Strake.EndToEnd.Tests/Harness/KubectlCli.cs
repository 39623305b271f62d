using System.Text;
using System.Text.Json.Nodes;

namespace Strake.EndToEnd.Tests.Harness;

/// <summary>The real kubectl as a process, with a cache of its own.</summary>
/// <param name="kubeConfig">The file that says where the server is.</param>
/// <param name="home">An empty folder: no setting or cache of the user is at work.</param>
public sealed class KubectlCli(string kubeConfig, string home)
{
    /// <summary>Why tests with kubectl are left out where there is none.</summary>
    public const string Missing = "kubectl is not on PATH.";

    /// <summary>Whether there is one.</summary>
    public static bool Exists { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static folder => File.Exists(Path.Combine(folder, "kubectl")));

    /// <summary>The variables that make kubectl speak to the server.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["KUBECONFIG"] = kubeConfig, ["HOME"] = home };

    /// <summary>Runs kubectl; at most two minutes.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => Command.RunAsync("kubectl", arguments, Variables);

    /// <summary>Runs kubectl with a standard input, which then ends.</summary>
    public Task<CommandResult> FeedAsync(string input, params string[] arguments) => Command.RunAsync("kubectl", arguments, Variables, Encoding.UTF8.GetBytes(input));

    /// <summary>Runs kubectl, asserts that it succeeds, and returns its output.</summary>
    public async Task<string> OkAsync(params string[] arguments) => (await RunAsync(arguments)).Ok();

    /// <summary>`kubectl apply` of a text; returns its output.</summary>
    /// <remarks>With the line that begins a document: what begins with a brace is taken for JSON, and most of it is not.</remarks>
    public async Task<string> ApplyAsync(string yaml, params string[] options) => (await FeedAsync("---\n" + yaml, ["apply", .. options, "-f", "-"])).Ok();

    /// <summary>Runs kubectl, asserts that it ends with code 1, and returns what it said on standard error.</summary>
    public async Task<string> RefusedAsync(params string[] arguments) => (await RunAsync(arguments)).Refused();

    /// <summary>An object as JSON.</summary>
    public async Task<JsonNode> GetAsync(params string[] what) => JsonNode.Parse(await OkAsync(["get", "-o", "json", .. what]))!;
}
