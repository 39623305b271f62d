using System.Text;

namespace Strake.Images.Tests;

public sealed class PushTests : IAsyncLifetime
{
    static readonly TestImage s_image = TestImage.Of("2024-01-01T00:00:00Z", "one", "two", "three");

    TestStore _store = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    FakeRegistry Registry => _store.Registry;

    public async ValueTask InitializeAsync() => _store = await TestStore.OpenAsync();

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_was_pushed_can_be_pulled_again_with_its_ID_and_digest()
    {
        await LoadAsync("reg.example/app:1");
        var lines = await _store.PushAsync("reg.example/app:1");
        var pushed = lines.All.Last().Pushed!;
        Assert.Equal($"1: digest: {pushed.Digest} size: {pushed.SizeBytes}", lines.Statuses.Last());
        Assert.Equal([$"reg.example/app@{pushed.Digest}"], (await _store.Images.GetAsync("reg.example/app:1", Cancel)).RepoDigests);

        await _store.RemoveAsync("reg.example/app:1");
        await _store.AssertEmptyAsync();
        await _store.PullAsync("reg.example/app:1");
        var image = await _store.Images.GetAsync("reg.example/app:1", Cancel);
        Assert.Equal(s_image.Id, image.Id);
        Assert.Equal([$"reg.example/app@{pushed.Digest}"], image.RepoDigests);
        await _store.AssertSoundAsync();
    }

    [Fact]
    public async Task The_lines_are_Dockers()
    {
        await LoadAsync("reg.example/app:1");
        var lines = await _store.PushAsync("reg.example/app:1");
        Assert.Equal("The push refers to repository [reg.example/app]", lines.Statuses.First());
        Assert.Equal(["Preparing", "Pushing", "Pushed"], lines.Of(s_image.DiffIds[1].Digest.Hex[..12]).Where(s => s != "Waiting").Distinct());
        Assert.Equal(
            s_image.DiffIds.Reverse().Select(d => d.Digest.Hex[..12]), lines.All.Where(l => l.Status == "Preparing").Select(l => l.Id));
        var told = _store.Events.Last();
        Assert.Equal(("push", "reg.example/app:1", "reg.example/app"), (told.Action, told.ActorId, told.Attributes["name"]));
    }

    [Fact]
    public async Task What_the_registry_has_is_not_sent_again()
    {
        await LoadAsync("reg.example/app:1");
        await _store.PushAsync("reg.example/app:1");
        await _store.ReopenAsync();
        Registry.Calls.Clear();
        var lines = await _store.PushAsync("reg.example/app:1");
        Assert.Equal(3, lines.Statuses.Count(s => s == "Layer already exists"));
        Assert.DoesNotContain(Registry.Calls, c => c.StartsWith("push", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_pulled_goes_back_with_the_digests_that_it_came_with()
    {
        Registry.Add("reg.example/app:1", s_image);
        await _store.PullAsync("reg.example/app:1");
        await _store.Images.TagAsync("reg.example/app:1", ImageReference.Parse("reg.example/app:2"), Cancel);
        Registry.Calls.Clear();
        await _store.PushAsync("reg.example/app:2");
        Assert.DoesNotContain(Registry.Calls, c => c.StartsWith("push", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repository_of_the_same_registry_lends_its_layers()
    {
        Registry.Add("reg.example/lender:1", s_image);
        await _store.PullAsync("reg.example/lender:1");
        await TagAsync("reg.example/lender:1", "reg.example/app:1");
        var lines = await _store.PushAsync("reg.example/app:1");
        Assert.Equal(3, lines.Statuses.Count(s => s == "Mounted from lender"));
        Assert.Single(Registry.Calls, c => c.StartsWith("push", StringComparison.Ordinal));   // The config.
    }

    [Fact]
    public async Task Layers_are_sent_where_a_mount_is_refused_and_to_another_registry()
    {
        Registry.Mounts = false;
        Registry.Add("reg.example/lender:1", s_image);
        await _store.PullAsync("reg.example/lender:1");
        foreach (var name in new[] { "reg.example/app:1", "other.example/lender:1" })
        {
            await TagAsync("reg.example/lender:1", name);
            Registry.Calls.Clear();
            Assert.Equal(3, (await _store.PushAsync(name)).Statuses.Count(s => s == "Pushed"));
            Assert.Equal(name.StartsWith("reg.", StringComparison.Ordinal), Registry.Calls.Any(c => c.StartsWith("mount", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Layers_that_came_as_plain_tars_go_as_such()
    {
        Registry.Add("reg.example/app:1", s_image, l => l, MediaTypes.OciManifest, MediaTypes.OciLayer);
        await _store.PullAsync("reg.example/app:1");
        await TagAsync("reg.example/app:1", "other.example/app:1");
        await _store.PushAsync("other.example/app:1");
        var other = ImageReference.Parse("other.example/app:1");
        Assert.All(s_image.DiffIds, layer => Assert.True(Registry.Has(other, layer.Digest)));
    }

    [Fact]
    public async Task A_manifest_is_of_the_kind_that_the_image_came_with_and_Dockers_otherwise()
    {
        Registry.Add("reg.example/oci:1", TestImage.Of("2024-01-01T00:00:00Z", "oci"));
        await _store.PullAsync("reg.example/oci:1");
        await TagAsync("reg.example/oci:1", "other.example/oci:1");
        await _store.PushAsync("other.example/oci:1");
        Assert.Equal(MediaTypes.OciManifest, Registry.Manifests["other.example/oci:1"].MediaType);

        await LoadAsync("reg.example/app:1");
        await _store.PushAsync("reg.example/app:1");
        var manifest = Registry.Manifests["reg.example/app:1"];
        Assert.Equal(MediaTypes.DockerManifest, manifest.MediaType);
        Assert.StartsWith(
            $$"""
            {
               "schemaVersion": 2,
               "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
               "config": {
                  "mediaType": "application/vnd.docker.container.image.v1+json",
                  "size": {{s_image.Config.Length}},
                  "digest": "{{s_image.Id}}"
               },
               "layers": [
                  {
                     "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
                     "size": 
            """,
            Encoding.UTF8.GetString(manifest.Bytes.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_tags_of_a_repository_are_pushed_when_none_is_named()
    {
        await LoadAsync("reg.example/app:1");
        await TagAsync("reg.example/app:1", "reg.example/app:2");
        await TagAsync("reg.example/app:1", "reg.example/other:3");
        await _store.PushAsync("reg.example/app");
        Assert.Equal(["put 1", "put 2"], Registry.Calls.Where(c => c.StartsWith("put", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("reg.example/app:2", "tag does not exist: reg.example/app:2")]
    [InlineData("reg.example/nothing:1", "An image does not exist locally with the tag: reg.example/nothing")]
    public async Task What_is_not_there_is_refused_in_Dockers_words(string name, string message)
    {
        await LoadAsync("reg.example/app:1");
        var refused = await Assert.ThrowsAsync<StrakeException>(() => _store.PushAsync(name));
        Assert.Equal((ErrorKind.NotFound, message), (refused.Kind, refused.Message));
        Assert.Empty(Registry.Calls);
    }

    [Fact]
    public async Task What_is_known_of_layers_goes_with_the_last_image_that_has_them()
    {
        await LoadAsync("reg.example/app:1");
        await _store.LoadAsync(TestArchives.Blobs([(s_image.Child("2025-01-01T00:00:00Z", "four"), ["child:1"])]));
        await _store.PushAsync("reg.example/app:1");
        await _store.RemoveAsync("child:1");
        Assert.Equal(3, (await _store.State.RangeAsync("blob/", Cancel)).Count);
        await _store.RemoveAsync("reg.example/app:1");
        await _store.AssertEmptyAsync();
    }

    Task<IReadOnlyList<LoadedImage>> LoadAsync(string name) => _store.LoadAsync(TestArchives.Blobs([(s_image, [name])]));

    Task TagAsync(string name, string target) => _store.Images.TagAsync(name, ImageReference.Parse(target), Cancel);
}
