using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Building;

/// <summary>
/// Builds of all instructions and flags, each with the files and the config that have to come of it. What had to come was recorded from BuildKit,
/// and looked at: with <c>STRAKE_TEST_HOST</c> naming a Docker and <c>STRAKE_TEST_RECORD</c> set, the tests write it anew.
/// </summary>
public sealed class CorpusTests(LoadedEngine loaded) : EngineTests(loaded)
{
    static readonly string s_folder = FindFolder();
    static readonly bool s_records = !Engine.IsStrake && Environment.GetEnvironmentVariable("STRAKE_TEST_RECORD") is { Length: > 0 };

    SortedDictionary<string, string>? _busybox;

    /// <summary>The corpus.</summary>
    public static TheoryData<string> Cases => [.. Directory.GetFiles(s_folder, "*.txt").Select(static path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_build_makes_what_it_has_to(string name)
    {
        var one = BuildCase.Read(Path.Combine(s_folder, name + ".txt"));
        var folder = Engine.NewFolder();
        one.WriteContext(folder.Here);
        var image = "corpus-" + name;
        var built = await Docker.RunAsync(["build", "-t", image, "--network", "none", .. one.Arguments, folder.Here]);
        await AssertSameWithBuildxAsync(one, image, folder.Here, built.Code == 0);
        if (built.Code != 0)
        {
            var said = built.Error.Trim().Split('\n')[^1].Replace("ERROR: failed to build: failed to solve: ", "", StringComparison.Ordinal);
            if (s_records) one.Record(tree: null, config: null, said + "\n");
            else Assert.Contains(InClassicWords(one.Expected("error")?.Trim() ?? "(no error was expected)"), built.Error, StringComparison.Ordinal);
            return;
        }

        var files = await ImageTree.ListAsync(Engine, image);
        _busybox ??= await ImageTree.ListAsync(Engine, "busybox");
        var tree = ImageTree.Difference(files, one.Dockerfile.Contains("# no base", StringComparison.Ordinal) ? [] : _busybox);
        var config = ConfigOf(await Docker.InspectAsync(image, "image"));
        await Docker.OkAsync("rmi", image);
        if (s_records) one.Record(tree, config, error: null);
        Assert.Null(one.Expected("error"));
        Assert.Equal(one.Expected("tree") ?? "", tree);
        Assert.Equal(one.Expected("config") ?? "", config);
    }

    // Both protocols lead to one builder: the image is the same to the last bit, and an error is told as BuildKit does.
    async Task AssertSameWithBuildxAsync(BuildCase one, string image, string folder, bool isBuilt)
    {
        if (s_records || Docker.WithBuildx() is not { } buildx) return;
        var id = isBuilt ? await Docker.ValueAsync(image, "{{.Id}}") : null;
        var built = await buildx.RunAsync(["build", "-q", "--network", "none", "-t", image, .. one.Arguments, folder]);
        if (!isBuilt)
        {
            Assert.NotEqual(0, built.Code);
            Assert.Contains(one.Expected("error")?.Trim() ?? "(no error was expected)", built.Error, StringComparison.Ordinal);
            return;
        }

        Assert.True(built.Code == 0, built.ToString());
        Assert.Equal(id, built.Output.Trim());
    }

    // What was recorded from BuildKit reads otherwise where a client without it is told.
    static string InClassicWords(string error)
    {
        const string end = "\" did not complete successfully: exit code: ";
        var at = error.IndexOf(end, StringComparison.Ordinal);
        return at < 0 ? error : $"The command '{error["process \"".Length..at]}' returned a non-zero code: {error[(at + end.Length)..]}";
    }

    static string ConfigOf(JsonNode image)
    {
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (image["Author"]?.ToString() is { Length: > 0 } author) lines["Author"] = $"\"{author}\"";
        foreach (var (name, value) in image["Config"]!.AsObject())
        {
            // Docker 28 shows members that images do not have.
            if (name is "Hostname" or "Domainname" or "AttachStdin" or "AttachStdout" or "AttachStderr" or "Tty" or "OpenStdin" or "StdinOnce" or "Image" or "ArgsEscaped") continue;
            if (value is not null && value.ToJsonString() is not ("\"\"" or "[]" or "{}") and { } text) lines[name] = Sorted(value, text);
        }

        return string.Concat(lines.Select(static line => $"{line.Key} {line.Value}\n"));
    }

    static string Sorted(JsonNode value, string text) => value is JsonObject members
        ? new JsonObject(members.OrderBy(static member => member.Key, StringComparer.Ordinal).Select(static member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString()
        : text;

    static string FindFolder()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Strake.slnx"))) return Path.Combine(folder, "tests", "Strake.EndToEnd.Tests", "Building", "Corpus");
        }

        throw new InvalidOperationException("the tests do not lie in a checkout");
    }
}
