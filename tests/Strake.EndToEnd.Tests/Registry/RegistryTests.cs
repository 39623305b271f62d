using System.Globalization;
using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Registry;

/// <summary>`docker pull` and `docker push` with the distribution's registry, and skopeo as the other side.</summary>
public sealed class RegistryTests(LoadedEngine loaded, RunningRegistry running) : EngineTests(loaded), IClassFixture<RunningRegistry>
{
    RegistryServer Registry => running.Registry;

    [Fact]
    public async Task What_is_pushed_is_pulled_again_with_its_ID_and_digest()
    {
        var name = Registry.Name("round/trip:1");
        var id = await Docker.ValueAsync("busybox", "{{.Id}}");
        await Docker.OkAsync("tag", "busybox", name);
        var said = await Docker.OkAsync("push", name);
        Assert.Contains($"The push refers to repository [{Registry.Name("round/trip")}]", said, StringComparison.Ordinal);
        var digest = DigestIn(said);
        Assert.Equal(digest, JsonNode.Parse(await RegistryServer.SkopeoAsync("inspect", "--tls-verify=false", "docker://" + name))!["Digest"]!.ToString());

        await Docker.OkAsync("rmi", "-f", id);
        said = await Docker.OkAsync("pull", name);
        Assert.Contains($"Digest: {digest}\nStatus: Downloaded newer image for {name}\n{name}", said, StringComparison.Ordinal);
        Assert.Equal(id, await Docker.ValueAsync(name, "{{.Id}}"));
        Assert.Equal($"[{Registry.Name("round/trip")}@{digest}]", await Docker.ValueAsync(name, "{{.RepoDigests}}"));
        Assert.Equal("hello", await Docker.OkAsync("run", "--rm", "--network", "none", name, "echo", "hello"));
        Assert.Equal("hello", await Docker.OkAsync("run", "--rm", "--network", "none", $"{Registry.Name("round/trip")}@{digest}", "echo", "hello"));
        Assert.Contains($"Status: Image is up to date for {name}", await Docker.OkAsync("pull", name), StringComparison.Ordinal);
        Assert.Contains("Layer already exists", await Docker.OkAsync("push", name), StringComparison.Ordinal);
        await Docker.OkAsync("tag", name, "busybox");
    }

    [Theory]
    [InlineData("busybox.docker.tar", "docker-archive", "v2s2", "gzip")]
    [InlineData("busybox.oci.tar", "oci-archive", "oci", "gzip")]
    [InlineData("busybox.oci-zstd.tar", "oci-archive", "oci", "zstd")]
    public async Task What_skopeo_pushed_is_pulled_in_every_form(string archive, string transport, string format, string compression)
    {
        var name = Registry.Name($"skopeo-{format}-{compression}:1");
        await RegistryServer.SkopeoAsync(
            "copy", "-q", "--format", format, "--dest-compress-format", compression, "--dest-tls-verify=false", $"{transport}:{TestSetting.Image(archive)}", "docker://" + name);
        var digest = JsonNode.Parse(await RegistryServer.SkopeoAsync("inspect", "--tls-verify=false", "docker://" + name))!["Digest"]!.ToString();

        Assert.Contains($"Digest: {digest}", await Docker.OkAsync("pull", name), StringComparison.Ordinal);
        Assert.Equal("hello", await Docker.OkAsync("run", "--rm", "--network", "none", name, "echo", "hello"));

        // Back to the registry under another name: the layers are there, in the form in which they came.
        var back = Registry.Name($"back-{format}-{compression}:1");
        await Docker.OkAsync("tag", name, back);
        var said = await Docker.OkAsync("push", back);
        Assert.Contains("Mounted from", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Pushed", said, StringComparison.Ordinal);
        Assert.Equal(await LayersAsync(name), await LayersAsync(back));
        await Docker.OkAsync("rmi", name, back);
    }

    [Fact]
    public async Task What_we_pushed_skopeo_and_we_ourselves_unpack_to_the_same()
    {
        // Layers that no registry knows go in the form that both can take, whatever other tests have pulled.
        var name = Registry.Name("mutual:1");
        var container = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", container, "busybox");
        var files = Engine.NewPath();
        await Docker.OkAsync("export", "-o", files, container);
        await Docker.OkAsync("rm", container);
        await Docker.OkAsync("import", "-m", "mutual", files, name);
        await Docker.OkAsync("push", name);
        var archive = Engine.NewPath();
        await RegistryServer.SkopeoAsync("copy", "-q", "--src-tls-verify=false", "docker://" + name, $"docker-archive:{archive}:mutual:back");
        var id = await Docker.ValueAsync(name, "{{.Id}}");
        await Docker.OkAsync("load", "-qi", archive);
        Assert.Equal(id, await Docker.ValueAsync("mutual:back", "{{.Id}}"));
        await Docker.OkAsync("rmi", "mutual:back", name);
    }

    [Fact]
    public async Task A_missing_image_is_pulled_by_run()
    {
        var name = await PushedAsync("missing:1");
        var run = await Docker.RunAsync("run", "--rm", "--network", "none", name, "echo", "there");
        Assert.Equal("there", run.Ok());
        Assert.Contains($"Unable to find image '{name}' locally", run.Error, StringComparison.Ordinal);
        await Docker.OkAsync("rmi", name);
    }

    [Fact]
    public async Task All_tags_are_pushed_and_pulled_and_quiet_says_only_the_name()
    {
        var repository = Registry.Name("tags");
        await Docker.OkAsync("tag", "busybox", repository + ":a");
        await Docker.OkAsync("tag", "busybox", repository + ":b");
        await Docker.OkAsync("push", "-a", repository);
        await Docker.OkAsync("rmi", repository + ":a", repository + ":b");
        var said = await Docker.OkAsync("pull", "-a", repository);
        Assert.Contains($"Status: Downloaded newer image for {repository}", said, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], (await Docker.RunAsync("images", "--format", "{{.Tag}}", repository)).Lines.Order(StringComparer.Ordinal));
        Assert.Equal(repository + ":a", await Docker.OkAsync("pull", "-q", repository + ":a"));
        await Docker.OkAsync("rmi", repository + ":a", repository + ":b");
    }

    [Fact]
    public async Task What_is_not_there_is_refused_in_Dockers_words()
    {
        var name = await PushedAsync("there:1");
        await TaggedAsync("there:4");
        Assert.Equal(
            $"Error response from daemon: manifest for {Registry.Name("there:2")} not found: manifest unknown: manifest unknown",
            await Docker.RefusedAsync("pull", Registry.Name("there:2")));
        Assert.Equal($"tag does not exist: {Registry.Name("there:3")}", await Docker.RefusedAsync("push", Registry.Name("there:3")));
        Assert.Equal($"An image does not exist locally with the tag: {Registry.Name("nowhere")}", await Docker.RefusedAsync("push", Registry.Name("nowhere:1")));
        Assert.Contains("but does not match the specified platform: wanted linux/arm64, actual: linux/amd64", await Docker.RefusedAsync("pull", "--platform", "linux/arm64", name), StringComparison.Ordinal);
        await Docker.OkAsync("rmi", Registry.Name("there:4"));
    }

    [Fact]
    public async Task The_registry_is_looked_into_without_a_pull()
    {
        var name = await PushedAsync("look:1");
        var reply = await Engine.Http.GetAsync($"/v1.47/distribution/{name}/json");
        Assert.Equal(200, reply.Status);
        var found = JsonNode.Parse(reply.Body)!;
        var raw = JsonNode.Parse(await RegistryServer.SkopeoAsync("inspect", "--raw", "--tls-verify=false", "docker://" + name))!;
        Assert.Equal(raw["mediaType"]!.ToString(), found["Descriptor"]!["mediaType"]!.ToString());
        Assert.Equal("amd64", found["Platforms"]![0]!["architecture"]!.ToString());
        Assert.Contains("\"digest\"", await Docker.OkAsync("manifest", "inspect", "--insecure", name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_and_push_are_events()
    {
        var name = await PushedAsync("told:1");
        await Docker.OkAsync("pull", name);
        // The client counts in seconds: what happened in this one is told once it is over.
        var end = TimeProvider.System.GetUtcNow().AddSeconds(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var events = await Docker.OkAsync("events", "--since", "1m", "--until", end, "--filter", "type=image", "--format", "{{.Action}} {{.Actor.ID}} {{.Actor.Attributes.name}}");
        Assert.Contains($"push {name} {Registry.Name("told")}", events, StringComparison.Ordinal);
        Assert.Contains($"pull {name} {Registry.Name("told")}", events, StringComparison.Ordinal);
        await Docker.OkAsync("rmi", name);
    }

    async Task<string> TaggedAsync(string image)
    {
        await Docker.OkAsync("tag", "busybox", Registry.Name(image));
        return Registry.Name(image);
    }

    async Task<string> PushedAsync(string image)
    {
        var name = await TaggedAsync(image);
        await Docker.OkAsync("push", name);
        await Docker.OkAsync("rmi", name);
        return name;
    }

    static async Task<IEnumerable<string>> LayersAsync(string name) =>
        JsonNode.Parse(await RegistryServer.SkopeoAsync("inspect", "--raw", "--tls-verify=false", "docker://" + name))!["layers"]!.AsArray()
            .Select(layer => layer!["digest"]!.ToString());

    static string DigestIn(string text) => text[text.IndexOf("sha256:", StringComparison.Ordinal)..][..71];
}
