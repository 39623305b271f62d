using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Strake.Build;
using Strake.Daemon.Server;
using Strake.Images;

namespace Strake.Daemon.DockerApi;

/// <summary>Builds for clients without BuildKit: the context comes as the body, the answer is what the builder prints.</summary>
/// <param name="builder">The builder.</param>
/// <param name="time">The clock of filters.</param>
sealed class BuildRoutes(Builder builder, TimeProvider time)
{
    const string ConfigHeader = "X-Registry-Config";

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new(
            "POST", "/build", BuildAsync, "dockerfile", "t", "buildargs", "labels", "cachefrom", "target", "nocache", "pull", "rm", "forcerm", "squash", "platform", "version",
            "remote", "q", "networkmode", "extrahosts", "shmsize", "buildid", "session", "memory", "memswap", "cpushares", "cpusetcpus", "cpusetmems", "cpuperiod",
            "cpuquota", "cgroupparent", "ulimits", "outputs", "isolation", "securityopt"),
        new("POST", "/build/prune", PruneAsync, "all", "filters", "keep-storage", "reserved-space", "max-used-space", "min-free-space"),
        new("POST", "/build/cancel", static exchange => exchange.WriteEmptyAsync(), "id"),
    ];

    async Task BuildAsync(Exchange exchange)
    {
        Refuse(exchange);
        BuildRequest request = RequestOf(exchange);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, exchange.Stopping);
        var output = new ProgressStream(exchange);
        bool isQuiet = exchange.Query.Flag("q");
        await using IBuildContexts contexts = exchange.Query.Text("remote") is { Length: > 0 } remote
            ? await builder.FetchAsync(remote, request.Arguments, stop.Token)
            : await builder.ReceiveAsync(exchange.Http.Request.Body, stop.Token);
        try
        {
            BuildOutcome outcome;
            await using (var lines = new BuildLines(output, isQuiet))
                outcome = await builder.BuildAsync(request, contexts, secrets: null, lines, stop.Token);
            await TellAsync(output, outcome, isQuiet);
        }
        catch (StrakeException e) when (output.HasBegun)
        {
            await output.WriteAsync(FailureOf(e));
        }
    }

    static async Task TellAsync(ProgressStream output, BuildOutcome outcome, bool isQuiet)
    {
        if (isQuiet)
        {
            await output.WriteAsync(new ProgressLine { Stream = $"{outcome.Image}\n" });
            return;
        }

        await output.WriteAsync(new ProgressLine { Aux = new AuxBody { ID = outcome.Image.ToString() } });
        await output.WriteAsync(new ProgressLine { Stream = $"Successfully built {outcome.Image.Short}\n" });
        foreach (ImageReference name in outcome.Names) await output.WriteAsync(new ProgressLine { Stream = $"Successfully tagged {name.Familiar}\n" });
    }

    // The client ends with the code of the program that failed.
    static ProgressLine FailureOf(StrakeException e)
    {
        if (DockerfileFault.Of(e) is not { ExitCode: { } code } fault) return new ProgressLine { ErrorDetail = new(e.Message), Error = e.Message };
        string message = $"The command '{fault.Command}' returned a non-zero code: {code}";
        return new ProgressLine { ErrorDetail = new(message, code), Error = message };
    }

    static void Refuse(Exchange exchange)
    {
        if (exchange.Query.Text("remote") == "client-session")
            throw StrakeException.Invalid("experimental session with v1 builder is no longer supported, use builder version v2 (BuildKit) instead");
        if (exchange.Query.Text("isolation") is { } isolation && isolation != "default") throw StrakeException.Invalid($"invalid isolation mode: {isolation}");
    }

    static BuildRequest RequestOf(Exchange exchange) => new()
    {
        DockerfilePath = exchange.Query.Text("dockerfile") ?? "Dockerfile",
        Target = exchange.Query.Text("target"),
        Arguments = Read(exchange, "buildargs", DockerJson.Plain.DictionaryStringString)! ?? new Dictionary<string, string?>(StringComparer.Ordinal)!,
        Labels = Read(exchange, "labels", DockerJson.Plain.DictionaryStringString) ?? [],
        CacheFrom = Read(exchange, "cachefrom", DockerJson.Plain.IReadOnlyListString) ?? [],
        Tags = exchange.Query.Texts("t"),
        NoCache = exchange.Query.Flag("nocache"),
        Pull = exchange.Query.Flag("pull"),
        Platform = exchange.Query.Text("platform"),
        Network = exchange.Query.Text("networkmode"),
        Squash = exchange.Query.Flag("squash"),
        ExtraHosts = [.. exchange.Query.Texts("extrahosts").SelectMany(static hosts => hosts.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        ShmSizeBytes = exchange.Query.Number("shmsize") ?? 0,
        FindCredentials = CredentialsOf(exchange) is { Count: > 0 } all ? (domain, _) => Task.FromResult(all.GetValueOrDefault(domain)) : null,
    };

    static T? Read<T>(Exchange exchange, string name, JsonTypeInfo<T> type)
        where T : class
    {
        if (exchange.Query.Text(name) is not { } text) return null;
        try
        {
            return JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException e)
        {
            throw StrakeException.Invalid($"build: {name} is no JSON of its kind: {e.Message}", e);
        }
    }

    // {"host": {"username": …}}, in base64.
    static Dictionary<string, RegistryCredentials> CredentialsOf(Exchange exchange)
    {
        Dictionary<string, RegistryCredentials> all = new(StringComparer.Ordinal);
        string? header = exchange.Http.Request.Headers[ConfigHeader];
        if (string.IsNullOrEmpty(header)) return all;
        try
        {
            using JsonDocument document = JsonDocument.Parse(Convert.FromBase64String(header.Replace('-', '+').Replace('_', '/')));
            foreach (JsonProperty host in document.RootElement.EnumerateObject())
                all[Domain(host.Name)] = RegistryCredentials.ParseJson(Encoding.UTF8.GetBytes(host.Value.GetRawText()));
            return all;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw StrakeException.Invalid($"{ConfigHeader} is malformed", e);
        }
    }

    static string Domain(string host)
    {
        string name = host.Contains("://", StringComparison.Ordinal) ? host[(host.IndexOf("://", StringComparison.Ordinal) + 3)..] : host;
        name = name.Split('/')[0];
        return name is "index.docker.io" or "registry-1.docker.io" ? ImageReference.DefaultDomain : name;
    }

    async Task PruneAsync(Exchange exchange)
    {
        Filters filters = Filters.Read(exchange.Query, "until", "id", "type", "unused-for", "shared", "private", "parent", "description", "inuse");
        DateTimeOffset now = time.GetUtcNow();
        BuildPruneReport report = await builder.PruneAsync(
            new BuildPruneQuery
            {
                All = exchange.Query.Flag("all"),
                KeepBytes = exchange.Query.Number("keep-storage") ?? exchange.Query.Number("reserved-space") ?? exchange.Query.Number("max-used-space") ?? 0,
                UnusedSince = filters.Time("until", now) ?? filters.Time("unused-for", now),
                Ids = filters.Of("id"),
                Kinds = filters.Of("type"),
            },
            exchange.Aborted);
        await exchange.WriteJsonAsync(new BuildPruneBody(report.Removed, report.ReclaimedBytes), DockerJson.Plain.BuildPruneBody);
    }
}
