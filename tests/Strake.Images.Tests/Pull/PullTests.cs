namespace Strake.Images.Tests;

public sealed class PullTests : IAsyncLifetime
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

    [Theory]
    [InlineData("gzip")]
    [InlineData("plain")]
    public async Task An_image_comes_with_its_names(string form)
    {
        var digest = Registry.Add("reg.example/app:1", s_image, form == "gzip" ? null : l => l);
        var lines = await _store.PullAsync("reg.example/app:1");

        var image = await _store.Images.GetAsync("reg.example/app:1", Cancel);
        Assert.Equal(s_image.Id, image.Id);
        Assert.Equal(["reg.example/app:1"], image.RepoTags);
        Assert.Equal([$"reg.example/app@{digest}"], image.RepoDigests);
        Assert.Equal(s_image.Id, (await _store.Images.GetAsync($"reg.example/app@{digest}", Cancel)).Id);
        Assert.Equal("Pulling from app", lines.All.First().Status);
        Assert.Equal("1", lines.All.First().Id);
        Assert.Equal([$"Digest: {digest}", "Status: Downloaded newer image for reg.example/app:1"], lines.Statuses.TakeLast(2));
        Assert.Empty(_store.Parts);
        Assert.Equal(0, _store.Layers.OpenIngests);
        await _store.AssertSoundAsync();
    }

    [Fact]
    public async Task Each_layer_has_its_lines()
    {
        Registry.Add("app", s_image);
        var lines = await _store.PullAsync("app");
        var layer = Digest.Of(TestTar.Gzip(s_image.Layers[1])).Hex[..12];
        Assert.Equal(
            ["Pulling fs layer", "Downloading", "Verifying Checksum", "Download complete", "Extracting", "Pull complete"],
            lines.Of(layer).Where(s => s != "Waiting").Distinct());
    }

    [Fact]
    public async Task An_image_that_is_up_to_date_is_not_fetched_again()
    {
        Registry.Add("app", s_image);
        await _store.PullAsync("app");
        Registry.Calls.Clear();
        var lines = await _store.PullAsync("app");
        Assert.Equal("Status: Image is up to date for app:latest", lines.Statuses.Last());
        Assert.Equal(3, lines.Statuses.Count(s => s == "Already exists"));
        Assert.Empty(Registry.Calls);
    }

    [Fact]
    public async Task Layers_that_are_stored_are_not_fetched()
    {
        Registry.Add("app:1", s_image);
        await _store.PullAsync("app:1");
        var child = s_image.Child("2025-01-01T00:00:00Z", "four");
        Registry.Add("app:2", child);
        Registry.Calls.Clear();
        await _store.PullAsync("app:2");
        Assert.Equal(2, Registry.Calls.Count);   // The config and the new layer.
        Assert.Equal(child.Id, (await _store.Images.GetAsync("app:2", Cancel)).Id);
    }

    [Fact]
    public async Task A_digest_names_an_image()
    {
        var digest = Registry.Add("app:1", s_image);
        await _store.PullAsync($"app@{digest}");
        var image = await _store.Images.GetAsync($"app@{digest}", Cancel);
        Assert.Empty(image.RepoTags);
        Assert.Equal([$"app@{digest}"], image.RepoDigests);
    }

    [Fact]
    public async Task All_tags_come_at_once()
    {
        Registry.Add("app:1", s_image);
        Registry.Add("app:2", s_image.Child("2025-01-01T00:00:00Z", "four"));
        var lines = await _store.PullAsync("app", allTags: true);
        Assert.Equal(["app:1", "app:2"], (await _store.ListAsync()).SelectMany(i => i.RepoTags).Order(StringComparer.Ordinal));
        Assert.Equal("Status: Downloaded newer image for app", lines.Statuses.Last());
    }

    [Fact]
    public async Task A_layer_that_stands_twice_in_an_image_is_fetched_once()
    {
        var layer = TestImage.Layer("same");
        Registry.Add("app", TestImage.WithLayers("2024-01-01T00:00:00Z", layer, TestImage.Layer("other"), layer));
        await _store.PullAsync("app");
        Assert.Single(Registry.Calls, c => c.Contains(Digest.Of(TestTar.Gzip(layer)).Hex[..12], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pull_is_told_under_the_name_that_was_pulled()
    {
        Registry.Add("reg.example/app:1", s_image);
        await _store.PullAsync("reg.example/app:1");
        var told = Assert.Single(_store.Events);
        Assert.Equal(("image", "pull", "reg.example/app:1", "reg.example/app"), (told.Type, told.Action, told.ActorId, told.Attributes["name"]));
    }

    [Fact]
    public async Task An_unknown_tag_is_not_found()
    {
        var refused = await RefusedAsync("app:nope");
        Assert.Equal((ErrorKind.NotFound, "manifest for app:nope not found: manifest unknown: manifest unknown"), (refused.Kind, refused.Message));
    }

    [Fact]
    public async Task The_platform_of_the_host_is_chosen_and_another_when_asked_for()
    {
        var (amd, arm) = (s_image, TestImage.Of("2024-02-02T00:00:00Z", "arm").With(c => (c["architecture"], c["variant"]) = ("arm", "v6")));
        var index = AddIndex("app:1", amd, arm);
        await _store.PullAsync("app:1");
        Assert.Equal([$"app@{index}"], (await _store.Images.GetAsync("app:1", Cancel)).RepoDigests);
        Assert.Equal(amd.Id, (await _store.Images.GetAsync("app:1", Cancel)).Id);
        await _store.PullAsync("app:1", new Platform { Os = "linux", Architecture = "arm" });
        Assert.Equal(arm.Id, (await _store.Images.GetAsync("app:1", Cancel)).Id);

        var refused = await RefusedAsync("app:1", new Platform { Os = "linux", Architecture = "s390x" });
        Assert.Equal(
            (ErrorKind.NotFound, "no matching manifest for linux/s390x in the manifest list entries: app:1 is there for linux/arm/v6, linux/amd64, application/x-unknown"),
            (refused.Kind, refused.Message));
    }

    [Fact]
    public async Task An_image_without_an_index_must_fit_the_platform_that_is_asked_for()
    {
        Registry.Add("app:1", s_image);
        var refused = await RefusedAsync("app:1", new Platform { Os = "linux", Architecture = "arm64" });
        Assert.Equal(
            "image with reference app:1 was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64", refused.Message);
        await _store.AssertEmptyAsync();
    }

    [Theory]
    [InlineData("windows", "image operating system \"windows\" cannot be used")]
    [InlineData("chart", "Encountered remote \"application/vnd.cncf.helm.config.v1+json\"(unknown) when fetching")]
    [InlineData("both", "invalid manifest: it has both")]
    [InlineData("type", "mediaType is application/vnd.oci.image.index.v1+json, and it was named as")]
    [InlineData("html", "invalid manifest: '<' is an invalid start")]
    [InlineData("layers", "its manifest has 2 layers and its config 3")]
    [InlineData("config-digest", "was asked for, and the registry sent sha256:")]
    [InlineData("config-size", "bytes that its manifest says")]
    [InlineData("diff-id", "and the image's config says sha256:")]
    [InlineData("layer-bytes", "digest")]
    [InlineData("layer-short", "ended after")]
    [InlineData("layer-long", "more bytes came than the")]
    [InlineData("layer-text", "")]
    public async Task What_is_wrong_is_refused_and_leaves_nothing(string fault, string message)
    {
        var sound = Plant(fault);
        var refused = await RefusedAsync("app:1");
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        if (fault == "layer-short") Assert.Equal(ErrorKind.Unavailable, refused.Kind);
        else await _store.AssertEmptyAsync(sound);
        Assert.Equal(0, _store.Layers.OpenIngests);
    }

    Task<StrakeException> RefusedAsync(string name, Platform? platform = null) => Assert.ThrowsAsync<StrakeException>(() => _store.PullAsync(name, platform));

    // Returns the layers that nothing is wrong with: what had come of them when another failed waits for the next pull.
    IReadOnlyList<Digest> Plant(string fault)
    {
        var config = s_image.Config;
        var layers = s_image.Layers.Select(TestTar.Gzip).ToList();
        var (type, claimed, configType, extra) = (MediaTypes.OciManifest, MediaTypes.OciManifest, MediaTypes.OciConfig, "");
        switch (fault)
        {
            case "windows":
                config = s_image.With(c => c["os"] = "windows").Config;
                break;
            case "chart":
                configType = "application/vnd.cncf.helm.config.v1+json";
                break;
            case "both":
                extra = ""","manifests":[]""";
                break;
            case "type":
                claimed = MediaTypes.OciIndex;
                break;
            case "html":
                Registry.AddManifest("app:1", "text/html", "<html>");
                return [];
            case "layers":
                layers.RemoveAt(2);
                break;
            case "diff-id":
                config = s_image.With(c => c["rootfs"]!["diff_ids"]![1] = new string('a', 64).Insert(0, "sha256:")).Config;
                break;
            case "layer-text":
                layers[1] = "this is no layer"u8.ToArray();
                break;
        }

        foreach (var blob in layers.Append(config)) Registry.AddBlob(ImageReference.Parse("app:1"), blob);
        Registry.AddManifest("app:1", type, $$"""
            {"schemaVersion":2,"mediaType":"{{claimed}}","config":{{TestArchives.Descriptor(configType, config)}},
             "layers":[{{string.Join(",", layers.Select(l => TestArchives.Descriptor(MediaTypes.OciLayer + "+gzip", l)))}}]{{extra}}}
            """);
        Registry.Blob = (digest, offset, stream) => (fault, digest == Digest.Of(config), digest == Digest.Of(layers[^1])) switch
        {
            ("config-digest", true, _) => new MemoryStream([.. config[..^1], (byte)' ']),
            ("config-size", true, _) => new MemoryStream([.. config, (byte)' ']),
            ("layer-bytes", _, true) => new MemoryStream([.. layers[^1][..^8], .. new byte[8]]),
            ("layer-short", _, true) => new MemoryStream(layers[^1], 0, layers[^1].Length / 2),
            ("layer-long", _, true) => new MemoryStream([.. layers[^1], 0]),
            _ => stream,
        };
        return fault switch
        {
            "diff-id" or "layer-text" => [Digest.Of(layers[0]), Digest.Of(layers[2])],
            "layer-bytes" or "layer-short" or "layer-long" => [Digest.Of(layers[0]), Digest.Of(layers[1])],
            _ => [],
        };
    }

    Digest AddIndex(string name, TestImage amd, TestImage arm)
    {
        var (amdDigest, armDigest) = (Registry.Add(name + "-amd", amd), Registry.Add(name + "-arm", arm));
        var attestation = TestArchives.Descriptor(MediaTypes.OciManifest, [1, 2, 3], Platform("unknown", "unknown"));
        return Registry.AddManifest(name, MediaTypes.OciIndex, $$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{attestation}},
             {{Registry.Descriptor(MediaTypes.OciManifest, armDigest, name, Platform("linux", "arm", "v6"))}},
             {{Registry.Descriptor(MediaTypes.OciManifest, amdDigest, name, Platform("linux", "amd64"))}},
             {{TestArchives.Descriptor("application/x-unknown", [4])}}]}
            """);
    }

    static string Platform(string os, string architecture, string variant = "") =>
        $$"""
        "platform":{"os":"{{os}}","architecture":"{{architecture}}","variant":"{{variant}}"}
        """;
}
