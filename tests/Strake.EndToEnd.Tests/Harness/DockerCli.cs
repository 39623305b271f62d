using System.Text.Json.Nodes;

namespace Strake.EndToEnd.Tests.Harness;

/// <summary>The real docker client as a process, with a configuration of its own.</summary>
public sealed class DockerCli
{
    /// <summary>A client of an engine.</summary>
    /// <param name="host">The engine's address.</param>
    /// <param name="configuration">An empty folder: no context, credential or proxy of the user is at work.</param>
    public DockerCli(string host, string configuration) => Environment = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["DOCKER_HOST"] = host,
        ["DOCKER_CONFIG"] = configuration,
        ["DOCKER_CLI_HINTS"] = "false",
    };

    /// <summary>The same client with the buildx plugin: its `docker build` speaks BuildKit's protocol.</summary>
    /// <returns>The client; null where the machine has no plugin.</returns>
    public DockerCli? WithBuildx()
    {
        if (TestSetting.Buildx is not { } plugin) return null;
        var folder = Environment["DOCKER_CONFIG"] + "-buildx";
        var link = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "cli-plugins")).FullName, "docker-buildx");
        if (!File.Exists(link)) File.CreateSymbolicLink(link, plugin);
        var client = new DockerCli(Environment["DOCKER_HOST"], folder);
        return client;
    }

    /// <summary>Why tests with buildx are left out where there is none.</summary>
    public const string NoBuildx = "The buildx plugin is not there: eng/setup --test fetches it, STRAKE_TEST_BUILDX names another.";

    /// <summary>The variables that make a docker client speak to the engine.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Runs `docker` with these arguments; at most two minutes.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(arguments, input: null);

    /// <summary>Runs `docker` with a standard input, which then ends.</summary>
    public Task<CommandResult> RunAsync(string[] arguments, byte[]? input) =>
        Command.RunAsync("docker", arguments, Environment, input, TimeSpan.FromMinutes(2));

    /// <summary>Runs `docker`, asserts that it succeeds, and returns its output.</summary>
    public async Task<string> OkAsync(params string[] arguments) => (await RunAsync(arguments)).Ok();

    /// <summary>Runs `docker`, asserts that it ends with code 1, and returns what it said on standard error.</summary>
    public async Task<string> RefusedAsync(params string[] arguments) => (await RunAsync(arguments)).Refused();

    /// <summary>As <see cref="RefusedAsync"/>, for `docker run`, which ends with 125 where the engine refuses.</summary>
    public async Task<string> RunRefusedAsync(params string[] arguments) => (await RunAsync(arguments)).Refused(125);

    /// <summary>`docker inspect` of one object.</summary>
    public async Task<JsonNode> InspectAsync(string reference, string type = "container") =>
        JsonNode.Parse(await OkAsync("inspect", "--type", type, reference))![0]!;

    /// <summary>One value of `docker inspect` by a Go template.</summary>
    public Task<string> ValueAsync(string reference, string template) => OkAsync("inspect", "--format", template, reference);
}
