using System.Text;
using System.Text.Json.Nodes;

namespace Strake.Images.Tests;

public sealed class ImageExporterTests : IAsyncLifetime
{
    static readonly TestImage s_image = TestImage.Of("2024-01-01T00:00:00Z", "one", "two");

    TestStore _store = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Forms => TestArchives.Forms;

    public async ValueTask InitializeAsync() => _store = await TestStore.OpenAsync();

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task What_was_loaded_is_saved_and_loads_again_the_same(string form)
    {
        await _store.LoadAsync(TestArchives.Of(form, s_image, "app:1", "app:2"));
        var saved = await _store.SaveAsync("app");

        using var other = await TestStore.OpenAsync();
        Assert.Equal(s_image.Id, Assert.Single(await other.LoadAsync(saved)).Id);
        var image = await other.Images.GetAsync("app:2", Cancel);
        Assert.Equal(s_image.Config, image.Config.Bytes.ToArray());
        Assert.Equal(["app:1", "app:2"], image.RepoTags);
        Assert.Equal(saved, await other.SaveAsync("app"));
        Assert.Equal("save", other.Events[^1].Action);
    }

    [Fact]
    public async Task An_image_that_is_removed_while_it_is_chosen_is_told_by_the_name_that_was_asked_for()
    {
        await _store.LoadAsync(TestArchives.Legacy(s_image, "app:1"));
        var key = $"image/{s_image.Id.Digest.Hex}";
        await _store.ReopenAsync(new HookedStateStore(_store.State)
        {
            Reading = async read =>
            {
                if (read == key) await _store.State.CommitAsync(new StateTransaction().Delete(key), Cancel);
            },
        });
        var refused = await Assert.ThrowsAsync<StrakeException>(() => _store.SaveAsync("app:1"));
        Assert.Equal((ErrorKind.NotFound, "No such image: app:1"), (refused.Kind, refused.Message));
    }

    [Fact]
    public async Task Both_forms_stand_over_the_same_blobs()
    {
        await _store.LoadAsync(TestArchives.Legacy(s_image, "app:1"));
        var files = await TestTar.ReadAsync(await _store.SaveAsync("app:1"));
        Assert.Equal(["blobs/", "blobs/sha256/"], files.Take(2).Select(f => f.Name));
        Assert.Equal(["index.json", "manifest.json", "oci-layout", "repositories"], files.TakeLast(4).Select(f => f.Name));
        Assert.Equal(files.Select(f => f.Name).Order(StringComparer.Ordinal), files.Select(f => f.Name));

        var byName = files.ToDictionary(f => f.Name, f => f.Content);
        foreach (var layer in s_image.Layers) Assert.Equal(layer, byName[TestArchives.Blob(layer)]);
        var item = JsonNode.Parse(byName["manifest.json"])![0]!;
        Assert.Equal(s_image.Config, byName[item["Config"]!.GetValue<string>()]);
        Assert.Equal(["app:1"], item["RepoTags"]!.AsArray().Select(t => t!.GetValue<string>()));
        Assert.Equal(s_image.Layers.Select(TestArchives.Blob), item["Layers"]!.AsArray().Select(l => l!.GetValue<string>()));

        var entry = JsonNode.Parse(byName["index.json"])!["manifests"]![0]!;
        Assert.Equal("docker.io/library/app:1", entry["annotations"]!["io.containerd.image.name"]!.GetValue<string>());
        Assert.Equal("1", entry["annotations"]!["org.opencontainers.image.ref.name"]!.GetValue<string>());
        var manifest = (ImageManifest)ManifestDocument.Parse(
            byName[$"blobs/sha256/{entry["digest"]!.GetValue<string>()["sha256:".Length..]}"], MediaTypes.OciManifest);
        Assert.Equal(s_image.DiffIds.Select(d => d.Digest), manifest.Layers.Select(l => l.Digest));
        Assert.Equal(s_image.Layers.Select(l => (long)l.Length), manifest.Layers.Select(l => l.SizeBytes));
        Assert.Equal($$$"""{"app":{"1":"{{{Digest.Of(s_image.Layers[^1]).Hex}}}"}}""", Encoding.UTF8.GetString(byName["repositories"]));

        // The same archive read as an OCI layout alone.
        using var other = await TestStore.OpenAsync();
        var layout = new TestTar();
        foreach (var (name, content) in files.Where(f => f.Name is not ("manifest.json" or "repositories") && f.Name[^1] != '/')) layout.File(name, content);
        Assert.Equal(["app:1"], Assert.Single(await other.LoadAsync(layout)).References.Select(r => r.Familiar));
    }

    [Fact]
    public async Task Several_images_share_layers_once_and_keep_their_parents()
    {
        var child = s_image.Child("2024-06-06T00:00:00Z", "step");
        await _store.LoadAsync(TestArchives.Blobs([(s_image, ["p:1"]), (child, ["c:1"])]).With("manifest.json", m =>
        {
            var items = JsonNode.Parse(m)!.AsArray();
            items[1]!["Parent"] = s_image.Id.ToString();
            return Encoding.UTF8.GetBytes(items.ToJsonString());
        }));
        var saved = await _store.SaveAsync("c:1", "p:1");
        var names = (await TestTar.ReadAsync(saved)).ConvertAll(f => f.Name);
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);

        using var other = await TestStore.OpenAsync();
        Assert.Equal([child.Id, s_image.Id], (await other.LoadAsync(saved)).Select(i => i.Id));
        Assert.Equal(s_image.Id, (await other.Images.GetAsync("c:1", Cancel)).Record.Parent);
        Assert.Equal(3, other.Layers.Received);
    }

    [Fact]
    public async Task An_image_without_a_name_is_saved_by_its_ID()
    {
        await _store.LoadAsync(TestArchives.Legacy(s_image));
        using var other = await TestStore.OpenAsync();
        foreach (var name in new[] { s_image.Id.ToString(), s_image.Id.Digest.Hex, s_image.Id.Short, s_image.Id.ToString()[..12] })
        {
            var loaded = Assert.Single(await other.LoadAsync(await _store.SaveAsync(name)));
            Assert.Equal(s_image.Id, loaded.Id);
            Assert.Empty(loaded.References);
        }
    }

    [Fact]
    public async Task A_repeated_layer_is_written_once()
    {
        var twice = TestImage.Of("2024-03-03T00:00:00Z", "same", "other", "same");
        await _store.LoadAsync(TestArchives.Blobs([(twice, ["twice:1"])]));
        using var other = await TestStore.OpenAsync();
        Assert.Equal(twice.Id, Assert.Single(await other.LoadAsync(await _store.SaveAsync("twice:1"))).Id);
    }

    [Fact]
    public async Task An_unknown_name_is_refused_before_the_first_byte()
    {
        using var target = new MemoryStream();
        var refused = await Assert.ThrowsAsync<StrakeException>(() => _store.Images.SaveAsync(["nothing"], target, Cancel));
        Assert.Equal((ErrorKind.NotFound, "No such image: nothing:latest"), (refused.Kind, refused.Message));
        Assert.Equal(0, target.Length);
    }

    [Fact]
    public async Task A_lost_layer_is_data_loss()
    {
        await _store.LoadAsync(TestArchives.Legacy(s_image, "app:1"));
        _store.Layers.Lose(ChainId.Of(s_image.DiffIds)[1]);
        Assert.Equal(ErrorKind.DataLoss, (await Assert.ThrowsAsync<StrakeException>(() => _store.SaveAsync("app:1"))).Kind);
        Assert.NotEmpty(await _store.Images.CheckAsync(Cancel));
    }
}
