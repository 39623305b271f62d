using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Volumes;

/// <summary>
/// Requests for mounts and volumes, most of them wrong, each with Docker 28's answer as it was recorded: with <c>STRAKE_TEST_HOST</c>
/// naming a Docker and <c>STRAKE_TEST_RECORD</c> set, the test writes them anew.
/// </summary>
/// <remarks>
/// <c>at</c> says whether the create or the start that followed it gave the answer; <c>{root}</c> stands for the data root, <c>{layer}</c>
/// for a layer's directory.
/// </remarks>
public sealed class RefusalTests(LoadedEngine loaded) : EngineTests(loaded)
{
    const string Volume = "vol";
    const string Content = "ln -s /etc /v/out; ln -s ../.. /v/up; mkdir /v/dir; ln -s dir /v/in; touch /v/file; ln -s loop /v/loop";

    static readonly string s_path = FindFile();

    // Where Strake does otherwise, and why.
    static readonly Dictionary<string, string> s_otherwise = new(StringComparer.Ordinal)
    {
        ["tmpfs negative size"] = "refused by the runtime, each in its own words",
        ["tmpfs bad size"] = "refused by the runtime, each in its own words",
        ["bind file on directory"] = "refused by the runtime, each in its own words",
        ["proc target"] = "refused when the container is made, not by the runtime",
        ["config volume root"] = "refused when the container is made, not by the runtime",
        ["config volume empty"] = "refused when the container is made, not by the runtime",
        ["volume long name"] = "refused by its length, not by the file system",
        ["volume size"] = "granted: a size is enforced on every host",
        ["volume size and mount"] = "refused: the file system that is mounted has a size of its own",
    };

    [Fact]
    public async Task Wrong_requests_are_refused_as_Docker_refuses_them()
    {
        var cases = JsonNode.Parse(await File.ReadAllTextAsync(s_path, TestContext.Current.CancellationToken))!.AsArray();
        await Docker.OkAsync("volume", "create", Volume);
        await BusyboxAsync(Content, "-v", $"{Volume}:/v");
        List<string> differences = [];
        foreach (var one in cases)
        {
            var name = (string)one!["name"]!;
            var (status, message) = await AskAsync(one);
            if (!Engine.IsStrake && Environment.GetEnvironmentVariable("STRAKE_TEST_RECORD") is { Length: > 0 })
                (one["status"], one["message"]) = (status, message);
            var (expected, words) = ((int)one["status"]!, (string)one["message"]!);
            var same = s_otherwise.ContainsKey(name) && Engine.IsStrake
                || (Honest(status) == Honest(expected) && message == words);
            if (!same) differences.Add($"{name}: expected {expected} {words}\n    got {status} {message}");
        }

        if (!Engine.IsStrake && Environment.GetEnvironmentVariable("STRAKE_TEST_RECORD") is { Length: > 0 })
            await File.WriteAllTextAsync(s_path, "[\n" + string.Join(",\n", cases.Select(static one => "  " + one!.ToJsonString())) + "\n]\n", TestContext.Current.CancellationToken);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    // Docker calls some requests that are the user's fault an error of its own; here they are 400, and clients do the same with both.
    static int Honest(int status) => status == 500 ? 400 : status;

    async Task<(int Status, string Message)> AskAsync(JsonNode one)
    {
        var path = (string)one["path"]!;
        var body = one["body"]!.DeepClone().AsObject();
        if (path == "/volumes/create") return Read(await Engine.Http.PostAsync(path, body.ToJsonString()));

        body["Image"] = "busybox";
        body["Cmd"] = new JsonArray("true");
        var host = body["HostConfig"] as JsonObject;
        if (host is null) body["HostConfig"] = host = [];
        host["NetworkMode"] = "none";
        var container = Engine.NewContainer();
        var made = await Engine.Http.PostAsync($"{path}?name={container}", body.ToJsonString());
        var answer = made;
        if (made.Status == 201 && (string)one["at"]! == "start") answer = await Engine.Http.PostAsync($"/containers/{container}/start");
        if (made.Status == 201) await Engine.Http.DeleteAsync($"/containers/{container}?force=1&v=1");
        return Read(answer);
    }

    (int Status, string Message) Read(EngineReply reply)
    {
        if (reply.Status < 400) return (reply.Status, "");
        var root = Engine.IsStrake ? Engine.DataRoot : "/var/lib/docker";
        return (reply.Status, Regex.Replace(
            reply.Message.Replace(root, "{root}", StringComparison.Ordinal), @"\{root\}/overlay2/[0-9a-f]{64}/merged|/[^ ""]*/(images|mounts)/[^ ""/:]+", "{layer}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture));
    }

    static string FindFile()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "Strake.EndToEnd.Tests", "Volumes", "Refusals", "requests.json");
            if (File.Exists(path)) return path;
        }

        throw new FileNotFoundException("The table of requests is not there.");
    }
}
