using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Building;

/// <summary>`docker build --squash`: one layer above the base. Docker wants its experimental mode for it; here it is always there.</summary>
public sealed class SquashTests(LoadedEngine loaded) : EngineTests(loaded)
{
    const string Steps = """
        RUN echo hello > /hello && mkdir /d && echo x > /d/x && ln /hello /linked
        RUN echo world >> /hello
        RUN echo gone > /gone
        ENV HELLO=world
        RUN rm /gone /d/x /bin/true && chmod 700 /d
        """;

    [Fact]
    public async Task The_layers_above_the_base_become_one_with_the_same_files()
    {
        StrakeOnly("its experimental mode is off");
        await BuiltAsync("FROM busybox\n" + Steps, "plain");
        await BuiltAsync("FROM busybox\n" + Steps, "squashed", "--squash");
        Assert.Equal(await ImageTree.ListAsync(Engine, "plain"), await ImageTree.ListAsync(Engine, "squashed"));
        var below = await LayersAsync("busybox");
        var layers = await LayersAsync("squashed");
        Assert.Equal(below.Count + 1, layers.Count);
        Assert.Equal(below, layers.Take(below.Count));
        Assert.Equal(await Docker.ValueAsync("plain", "{{json .Config}}"), await Docker.ValueAsync("squashed", "{{json .Config}}"));

        // Its files, and nothing of what was there in between.
        var names = await LayerNamesAsync("squashed");
        Assert.Contains("hello", names);
        Assert.Contains("bin/.wh.true", names);
        Assert.DoesNotContain(names, static name => name.Contains("gone", StringComparison.Ordinal) || name.Contains("d/x", StringComparison.Ordinal));
        await Docker.OkAsync("rmi", "plain", "squashed");
    }

    [Fact]
    public async Task History_keeps_the_steps_and_says_what_was_merged()
    {
        StrakeOnly("its experimental mode is off");
        await BuiltAsync("FROM busybox\n" + Steps, "plain");
        await BuiltAsync("FROM busybox\n" + Steps, "squashed", "--squash");
        const string format = "{{.CreatedBy}}|{{.Size}}|{{.Comment}}";
        var plain = (await Docker.OkAsync("history", "--no-trunc", "--format", format, "plain")).Split('\n');
        var squashed = (await Docker.OkAsync("history", "--no-trunc", "--format", format, "squashed")).Split('\n');
        Assert.Equal(plain.Length + 1, squashed.Length);
        var (id, parent) = (await Docker.ValueAsync("plain", "{{.Id}}"), await Docker.ValueAsync("busybox", "{{.Id}}"));
        Assert.EndsWith($"|merge {id} to {parent}", squashed[0], StringComparison.Ordinal);
        Assert.StartsWith("|", squashed[0], StringComparison.Ordinal);
        Assert.Equal(plain.Take(5).Select(static line => line.Split('|')[0]), squashed.Skip(1).Take(5).Select(static line => line.Split('|')[0]));
        Assert.All(squashed.Skip(1).Take(5), static line => Assert.Equal("0B", line.Split('|')[1]));
        Assert.Equal(plain[5..], squashed[6..]);
        await Docker.OkAsync("rmi", "plain", "squashed");
    }

    [Fact]
    public async Task Without_a_base_all_becomes_one()
    {
        StrakeOnly("its experimental mode is off");
        var folder = Context("FROM scratch\nCOPY a /\nCOPY b /\n");
        folder.Write("a", "a");
        folder.Write("b", "b");
        await BuiltAsync(folder, "all", "--squash");
        Assert.Single(await LayersAsync("all"));
        Assert.Equal(["a", "b"], (await LayerNamesAsync("all")).Order(StringComparer.Ordinal));
        Assert.Contains("create new from sha256:", (await Docker.OkAsync("history", "--no-trunc", "--format", "{{.Comment}}", "all")).Split('\n')[0], StringComparison.Ordinal);
        await Docker.OkAsync("rmi", "all");
    }

    [Fact]
    public async Task What_is_squashed_again_of_the_same_is_the_same_image_and_teaches_builds_nothing_wrong()
    {
        StrakeOnly("its experimental mode is off");
        var dockerfile = "FROM busybox\n" + Steps;
        await BuiltAsync(dockerfile, "squashed:1", "--squash");
        await BuiltAsync(dockerfile, "squashed:2", "--squash");
        Assert.Equal(await Docker.ValueAsync("squashed:1", "{{.Id}}"), await Docker.ValueAsync("squashed:2", "{{.Id}}"));
        await Docker.OkAsync("builder", "prune", "-af");
        Assert.DoesNotContain("Using cache", await BuiltAsync(dockerfile, "again", "--cache-from", "squashed:1"), StringComparison.Ordinal);
        Assert.Equal("hello\nworld", await Docker.OkAsync("run", "--rm", "--network", "none", "again", "cat", "/hello"));
        await Docker.OkAsync("rmi", "squashed:1", "squashed:2", "again");
    }

    [Fact]
    public async Task What_changes_no_file_gets_no_layer()
    {
        StrakeOnly("its experimental mode is off");
        await BuiltAsync("FROM busybox\nENV A=1\nRUN true\nRUN touch /x\nRUN rm /x\n", "unchanged", "--squash");
        Assert.Equal(await LayersAsync("busybox"), await LayersAsync("unchanged"));
        await Docker.OkAsync("rmi", "unchanged");
    }

    // The names in the top layer's tar.
    async Task<IReadOnlyList<string>> LayerNamesAsync(string image)
    {
        var archive = Engine.NewPath();
        await Docker.OkAsync("save", "-o", archive, image);
        var layer = (await Command.RunAsync("sh", ["-ec", $"l=$(tar -xOf '{archive}' manifest.json | tr ',\"[]' '\\n' | grep -E 'layer.tar|blobs/' | tail -1); tar -xOf '{archive}' \"$l\" | tar -t"])).Ok();
        return [.. layer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static name => name.TrimEnd('/')).Where(static name => name != ".")];
    }

    async Task<IReadOnlyList<string>> LayersAsync(string image) =>
        [.. (await Docker.InspectAsync(image, "image"))["RootFS"]!["Layers"]!.AsArray().Select(static layer => layer!.ToString())];

    SharedFolder Context(string dockerfile)
    {
        var folder = Engine.NewFolder();
        folder.Write("Dockerfile", dockerfile);
        return folder;
    }

    Task<string> BuiltAsync(string dockerfile, string name, params string[] options) => BuiltAsync(Context(dockerfile), name, options);

    // The client itself wants an engine that says it is experimental.
    async Task<string> BuiltAsync(SharedFolder folder, string name, params string[] options) =>
        await Docker.OkAsync(["build", "-t", name, "--network", "none", .. options, folder.Here]);
}
