using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Images;

/// <summary>`docker save`: what was loaded comes out again, to the byte.</summary>
public sealed class SaveTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task A_saved_image_has_both_forms_and_the_digests_that_were_loaded()
    {
        await Docker.OkAsync("load", "-qi", TestSetting.Image("debian.docker-gzip.tar"));
        var image = await Docker.InspectAsync("debian:12", "image");
        var path = Engine.NewPath();
        await Docker.OkAsync("save", "-o", path, "debian:12");

        var digests = await DigestsAsync(path);

        var manifest = (await ReadJsonAsync(path, "manifest.json"))![0]!;
        Assert.Equal("debian:12", manifest["RepoTags"]![0]!.GetValue<string>());
        Assert.Equal(image["Id"]!.GetValue<string>(), "sha256:" + digests[manifest["Config"]!.GetValue<string>()]);
        Assert.Equal(
            image["RootFS"]!["Layers"]!.AsArray().Select(layer => layer!.GetValue<string>()),
            manifest["Layers"]!.AsArray().Select(layer => "sha256:" + digests[layer!.GetValue<string>()]));
        Assert.NotNull(await ReadJsonAsync(path, "oci-layout"));
        var index = await ReadJsonAsync(path, "index.json");
        var blob = index!["manifests"]![0]!["digest"]!.GetValue<string>();
        Assert.Equal(blob, "sha256:" + digests["blobs/" + blob.Replace(':', '/')]);
    }

    [Fact]
    public async Task A_saved_image_loaded_into_an_empty_store_is_the_same_image()
    {
        StrakeOnly("a second engine is started for this");
        await Docker.OkAsync("load", "-qi", TestSetting.Image("mysql.docker-gzip.tar"));
        const string Identity = "{{.Id}} {{.RootFS.Layers}} {{json .Config}}";
        var before = await Docker.ValueAsync("mysql", Identity);
        await using var other = await Engine.StartAsync();

        var path = other.NewPath();
        await Docker.OkAsync("save", "-o", path, "mysql");
        await other.Docker.OkAsync("load", "-i", path);

        Assert.Equal(before, await other.Docker.ValueAsync("mysql", Identity));
    }

    [Fact]
    public async Task Saving_again_gives_the_same_bytes()
    {
        var first = (await Engine.ShellAsync("docker save busybox | sha256sum")).Ok();
        Assert.Equal(first, (await Engine.ShellAsync("docker save busybox | sha256sum")).Ok());
    }

    [Fact]
    public async Task Several_images_are_saved_together_and_share_their_layers()
    {
        await Docker.OkAsync("tag", "busybox", "copy:one");
        var path = Engine.NewPath();
        await Docker.OkAsync("save", "-o", path, "busybox", "copy:one");
        var tags = (await ReadJsonAsync(path, "manifest.json"))!.AsArray().SelectMany(image => image!["RepoTags"]!.AsArray()).Select(tag => tag!.GetValue<string>());
        Assert.Equal(["busybox:latest", "copy:one"], tags.Order(StringComparer.Ordinal));
        await Docker.OkAsync("rmi", "copy:one");
        Assert.Contains("copy:one", await Docker.OkAsync("load", "-i", path), StringComparison.Ordinal);
        await Docker.OkAsync("rmi", "copy:one");
    }

    [Fact]
    public async Task An_image_saved_by_its_id_has_no_tag()
    {
        var id = await Docker.ValueAsync("busybox", "{{.Id}}");
        var path = Engine.NewPath();
        await Docker.OkAsync("save", "-o", path, id);
        var manifest = await ReadJsonAsync(path, "manifest.json");
        Assert.True(manifest![0]!["RepoTags"] is null or JsonArray { Count: 0 });
        Assert.Contains($"Loaded image ID: {id}", await Docker.OkAsync("load", "-i", path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_image_is_not_saved() =>
        Assert.NotEmpty(await Docker.RefusedAsync("save", "-o", Engine.NewPath(), "nobody:nothing"));

    static async Task<Dictionary<string, string>> DigestsAsync(string path)
    {
        Dictionary<string, string> digests = new(StringComparer.Ordinal);
        await using var file = File.OpenRead(path);
        await using var tar = new TarReader(file);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.EntryType is TarEntryType.SymbolicLink) digests[entry.Name] = digests[entry.LinkName.Replace("../", "", StringComparison.Ordinal)];
            if (entry.DataStream is null) continue;
            digests[entry.Name] = Convert.ToHexStringLower(await SHA256.HashDataAsync(entry.DataStream));
        }
        return digests;
    }

    static async Task<JsonNode?> ReadJsonAsync(string path, string name)
    {
        await using var file = File.OpenRead(path);
        await using var tar = new TarReader(file);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (string.Equals(entry.Name, name, StringComparison.Ordinal)) return await JsonNode.ParseAsync(entry.DataStream!);
        }
        return null;
    }
}
