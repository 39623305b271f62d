using System.Text;
using System.Text.Json.Nodes;

namespace Strake.Images.Tests;

public sealed class ImageLoaderTests : IAsyncLifetime
{
    static readonly TestImage s_image = TestImage.Of("2024-01-01T00:00:00Z", "one", "two", "three");

    TestStore _store = null!;

    public static TheoryData<string> Forms => TestArchives.Forms;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await TestStore.OpenAsync();

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Every_form_gives_the_same_image(string form)
    {
        var loaded = Assert.Single(await _store.LoadAsync(TestArchives.Of(form, s_image, "app:1", "reg.example/app:2")));
        Assert.Equal(s_image.Id, loaded.Id);
        Assert.Equal(["app:1", "reg.example/app:2"], loaded.References.Select(r => r.Familiar));

        var image = await _store.Images.GetAsync("app:1", Cancel);
        Assert.Equal(s_image.Config, image.Config.Bytes.ToArray());
        Assert.Equal(s_image.DiffIds, image.Record.Layers.Select(l => l.DiffId));
        Assert.Equal(["app:1", "reg.example/app:2"], image.RepoTags);
        Assert.Equal(3, _store.Layers.Received);
        Assert.Equal(["load"], _store.Events.Select(e => e.Action));
        await _store.AssertSoundAsync();
        await _store.ReopenAsync();
        Assert.Empty(_store.Images.OpenFindings);
        Assert.Equal(3, _store.Layers.Chains.Count);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_order_of_the_entries_does_not_matter(string form)
    {
        // A hard link must come after its file; the others need not.
        await _store.LoadAsync(TestArchives.Of(form, s_image, "app:1").Reversed());
        Assert.Equal(s_image.Id, (await _store.Images.GetAsync("app:1", Cancel)).Id);
        await _store.AssertSoundAsync();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Loading_again_changes_nothing(string form)
    {
        var archive = TestArchives.Of(form, s_image, "app:1");
        await _store.LoadAsync(archive);
        await _store.LoadAsync(archive);
        Assert.Single(await _store.ListAsync());
        Assert.Equal(3, _store.Layers.Chains.Count);
        await _store.AssertSoundAsync();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_truncated_archive_gives_the_whole_image_or_nothing(string form)
    {
        var archive = TestArchives.Of(form, s_image, "app:1").ToArray();
        var lengths = Enumerable.Range(0, archive.Length / 512).Select(b => b * 512).SelectMany(b => new[] { b, b + 1, b + 300 });
        var whole = 0;
        foreach (var length in lengths)
        {
            try
            {
                await _store.LoadAsync(archive[..length]);
            }
            catch (StrakeException e)
            {
                Assert.True(e.Kind is ErrorKind.Invalid or ErrorKind.DataLoss, $"{length}: {e.Kind}: {e.Message}");
                await _store.AssertEmptyAsync();
                continue;
            }

            // What was cut off is not part of the image: the end marker, which other readers do without, too, or a file like oci-layout.
            Assert.Equal(s_image.Config, (await _store.Images.GetAsync("app:1", Cancel)).Config.Bytes.ToArray());
            await _store.AssertSoundAsync();
            whole++;
            await _store.RemoveAsync("app:1");
        }

        await _store.AssertEmptyAsync();
        Assert.InRange(whole, 1, 24);
    }

    [Fact]
    public async Task A_compressed_archive_is_an_archive()
    {
        await _store.LoadAsync(TestTar.Gzip(TestArchives.Of("hybrid", s_image, "app:1").ToArray()));
        Assert.Equal(s_image.Id, (await _store.Images.GetAsync("app:1", Cancel)).Id);
    }

    [Fact]
    public async Task What_is_no_archive_is_refused()
    {
        await RefusedAsync([], "does not contain a manifest.json");
        await RefusedAsync(Encoding.UTF8.GetBytes("hello"), "");
        await RefusedAsync(new byte[1024], "does not contain a manifest.json");
        await RefusedAsync(new TestTar().File("etc/passwd", "root").ToArray(), "does not contain a manifest.json");
        await RefusedAsync(new TestTar().File("index.json", "{}").ToArray(), "invalid manifest");
        await RefusedAsync(new TestTar().File("../manifest.json", "[]").ToArray(), "leads out of it");
    }

    [Theory]
    [InlineData("null", "manifest cannot be null (but can be [])")]
    [InlineData(" null\n", "manifest cannot be null (but can be [])")]
    [InlineData("", "invalid manifest.json")]
    [InlineData("{}", "invalid manifest.json")]
    [InlineData("[null]", "")]
    [InlineData("[{}]", "no Config")]
    [InlineData("[{\"Config\":\"x.json\",\"Layers\":[]}]", "does not hold config x.json")]
    [InlineData("[{\"Config\":\"../../../etc/passwd\"}]", "does not hold config ../../../etc/passwd")]
    [InlineData("[{\"Config\":\"/etc/passwd\"}]", "does not hold config /etc/passwd")]
    [InlineData("[{\"Config\":\"\"}]", "no Config")]
    [InlineData("[{\"Config\":\"CONFIG\"}]", "layers length mismatch: expected 0, got 3")]
    [InlineData("[{\"Config\":\"CONFIG\",\"Layers\":[\"a\",\"b\",\"c\"]}]", "does not hold layer a")]
    [InlineData("[{\"Config\":\"CONFIG\",\"Layers\":[null,\"b\",\"c\"]}]", "does not hold layer null")]
    [InlineData("[{\"Config\":\"CONFIG\",\"Layers\":[\"../../etc/shadow\",\"b\",\"c\"]}]", "does not hold layer ../../etc/shadow")]
    [InlineData("[{\"Config\":\"CONFIG\",\"Layers\":[\"L0\",\"L2\",\"L1\"]}]", "invalid diffID for layer 1")]
    [InlineData("[{\"Config\":\"CONFIG\",\"Layers\":[\"L0\",\"L0\",\"L0\"]}]", "invalid diffID for layer 1")]
    [InlineData("[{\"Config\":\"L0\",\"Layers\":[]}]", "does not hold config L0")]
    [InlineData("[{\"Config\":\"CONFIG\",\"Layers\":[\"L0\",\"L1\",\"L2\"],\"RepoTags\":[\"A:b\"]}]", "must be lowercase")]
    [InlineData("[{\"Config\":\"CONFIG\",\"Layers\":[\"L0\",\"L1\",\"L2\"],\"RepoTags\":[\"a\"]}]", "invalid tag \"a\"")]
    [InlineData("[{\"Config\":\"CONFIG\",\"Layers\":[\"L0\",\"L1\",\"L2\"],\"RepoTags\":[\"../../a:b\"]}]", "invalid reference format")]
    [InlineData("[{\"Config\":\"CONFIG\",\"Layers\":[\"L0\",\"L1\",\"L2\"],\"RepoTags\":[null]}]", "")]
    [InlineData("[{\"Config\":\"CONFIG\",\"Layers\":[\"L0\",\"L1\",\"L2\"],\"Parent\":\"../x\"}]", "is no image's ID")]
    public async Task A_manifest_that_lies_is_refused(string manifest, string message)
    {
        var text = manifest.Replace("CONFIG", "config.json", StringComparison.Ordinal);
        var tar = new TestTar().File("config.json", s_image.Config);
        foreach (var (index, layer) in s_image.Layers.Index()) tar.File($"L{index}", layer);
        await RefusedAsync(tar.File("manifest.json", text).ToArray(), message);
    }

    [Fact]
    public async Task A_manifest_without_images_is_accepted()
    {
        Assert.Empty(await _store.LoadAsync(new TestTar().File("manifest.json", "[]")));
        await _store.AssertEmptyAsync();
    }

    [Theory]
    [InlineData("blobs")]
    [InlineData("oci")]
    [InlineData("oci-gzip")]
    [InlineData("hybrid")]
    public async Task A_blob_that_is_not_what_its_name_says_is_refused(string form)
    {
        var archive = TestArchives.Of(form, s_image, "app:1");
        foreach (var (name, _) in (await TestTar.ReadAsync(archive.ToArray())).Where(e => e.Name.StartsWith("blobs/sha256/", StringComparison.Ordinal) && e.Content.Length > 0))
        {
            await RefusedAsync(archive.With(name, Tampered).ToArray(), "");

            // Docker's form does without the OCI manifest.
            if (form is not "hybrid" || s_image.Layers.Append(s_image.Config).Any(b => TestArchives.Blob(b) == name))
                await RefusedAsync(archive.With(name, _ => null).ToArray(), "");
        }

        static byte[] Tampered(byte[] content)
        {
            // A digit or a letter of the content: both forms stay what they look like.
            var changed = content.ToArray();
            var at = Array.FindLastIndex(changed, b => b is >= (byte)'0' and <= (byte)'8' or >= (byte)'a' and <= (byte)'y');
            changed[at]++;
            return changed;
        }
    }

    [Fact]
    public async Task A_layer_with_a_plain_name_is_held_against_the_config()
    {
        var archive = TestArchives.Legacy(s_image, "app:1").With($"{new string('1', 64)}/layer.tar", _ => TestImage.Layer("evil"));
        await RefusedAsync(archive.ToArray(), "invalid diffID for layer 1", ErrorKind.DataLoss);
    }

    [Fact]
    public async Task What_is_no_layer_matters_only_to_an_image_that_wants_it()
    {
        var archive = TestArchives.Legacy(s_image, "app:1").File("extra.tar", "no tar").File("blobs/sha256/zz", "no blob");
        await _store.LoadAsync(archive);
        await _store.RemoveAsync("app:1");
        await RefusedAsync(archive.With($"{new string('1', 64)}/layer.tar", _ => Encoding.UTF8.GetBytes("no tar")).ToArray(), "layer.tar");
    }

    [Fact]
    public async Task Links_in_a_circle_lead_to_nothing()
    {
        var tar = new TestTar().Link("a", "b").Link("b", "a").File("manifest.json", TestArchives.Manifest([("a", [], [])]));
        await RefusedAsync(tar.ToArray(), "does not hold config a");
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../../etc/passwd")]
    public async Task Links_never_lead_out(string target)
    {
        var tar = new TestTar().Link("c", target).File("manifest.json", TestArchives.Manifest([("c", [], [])]));
        await RefusedAsync(tar.ToArray(), "does not hold config c");
    }

    [Fact]
    public async Task One_bad_image_refuses_the_whole_archive()
    {
        var bad = TestImage.Of("2024-02-02T00:00:00Z", "one", "other").With(c => c["config"]!["Volumes"] = JsonNode.Parse("""{"/../x":{}}"""));
        await RefusedAsync(TestArchives.Blobs([(s_image, ["good:1"]), (bad, ["bad:1"])]).ToArray(), "no path within the image");
    }

    [Fact]
    public async Task An_image_of_another_system_is_refused()
    {
        var windows = s_image.With(c => c["os"] = "windows");
        await RefusedAsync(TestArchives.Legacy(windows).ToArray(), "cannot load windows image on linux");
    }

    [Fact]
    public async Task Layers_that_stand_in_several_places_are_unpacked_where_they_are_needed()
    {
        var twice = TestImage.Of("2024-03-03T00:00:00Z", "same", "other", "same");
        var elsewhere = TestImage.Of("2024-04-04T00:00:00Z", "other", "same");
        await _store.LoadAsync(TestArchives.Blobs([(twice, ["twice:1"]), (elsewhere, ["elsewhere:1"])]));
        Assert.Equal(5, _store.Layers.Chains.Count);
        await _store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_layer_that_is_stored_is_verified_but_not_unpacked_again()
    {
        // The config's digest sorts first or not; here it comes first, so that the archive says early what it holds.
        var archive = TestArchives.Hybrid(s_image, ["app:1"]).Reversed();
        await _store.LoadAsync(archive);
        var received = _store.Layers.Received;
        await _store.LoadAsync(archive);
        Assert.Equal(received, _store.Layers.Received);

        var name = TestArchives.Blob(s_image.Layers[0]);
        var refused = await Assert.ThrowsAsync<StrakeException>(() => _store.LoadAsync(archive.With(name, c => [.. c, .. new byte[512]])));
        Assert.Equal(ErrorKind.DataLoss, refused.Kind);
        await _store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_stored_layer_in_a_new_place_is_copied_from_the_store()
    {
        var first = TestImage.Of("2024-03-03T00:00:00Z", "a", "b");
        var second = TestImage.Of("2024-04-04T00:00:00Z", "b", "a");
        await _store.LoadAsync(TestArchives.Hybrid(first, ["first:1"]).Reversed());
        await _store.LoadAsync(TestArchives.Blobs([(first, ["first:1"]), (second, ["second:1"])]).Reversed());
        Assert.Equal(4, _store.Layers.Chains.Count);
        await _store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_name_passes_from_one_image_to_another()
    {
        var other = TestImage.Of("2024-05-05T00:00:00Z", "new");
        await _store.LoadAsync(TestArchives.Legacy(s_image, "app:1"));
        var loaded = Assert.Single(await _store.LoadAsync(TestArchives.Legacy(other, "app:1")));
        Assert.Equal(s_image.Id, Assert.Single(loaded.Replaced).Former);
        Assert.Equal(other.Id, (await _store.Images.GetAsync("app:1", Cancel)).Id);
        Assert.Empty((await _store.Images.GetAsync(s_image.Id.ToString(), Cancel)).References);
    }

    [Fact]
    public async Task A_parent_is_believed_only_when_it_can_be_one()
    {
        var child = s_image.Child("2024-06-06T00:00:00Z", "step");
        var archive = TestArchives.Blobs([(s_image, ["p:1"]), (child, ["c:1"])]);
        await _store.LoadAsync(WithParent(archive, s_image));
        Assert.Equal(s_image.Id, (await _store.Images.GetAsync("c:1", Cancel)).Record.Parent);
        await _store.RemoveAsync("c:1");
        await _store.RemoveAsync("p:1");

        var stranger = TestImage.Of("2024-07-07T00:00:00Z", "x");
        await RefusedAsync(WithParent(TestArchives.Blobs([(stranger, ["p:1"]), (child, ["c:1"])]), stranger).ToArray(), "is not a valid parent for");

        // An image that the archive does not hold is no parent at all.
        await _store.LoadAsync(WithParent(archive, stranger));
        Assert.Null((await _store.Images.GetAsync("c:1", Cancel)).Record.Parent);

        static TestTar WithParent(TestTar archive, TestImage parent) => archive.With("manifest.json", m =>
        {
            var items = JsonNode.Parse(m)!.AsArray();
            items[1]!["Parent"] = parent.Id.ToString();
            return Encoding.UTF8.GetBytes(items.ToJsonString());
        });
    }

    [Fact]
    public async Task Documents_are_bounded()
    {
        var tooLong = new byte[ImageLimits.DocumentBytes + 1];
        tooLong.AsSpan().Fill((byte)' ');
        tooLong[0] = (byte)'[';
        await RefusedAsync(new TestTar().File("manifest.json", tooLong).ToArray(), "the limit is", ErrorKind.TooLarge);

        // One that nobody asks for is passed over.
        await _store.LoadAsync(TestArchives.Legacy(s_image, "app:1").File("long.json", tooLong));
        await _store.RemoveAsync("app:1");

        var many = new TestTar();
        for (var i = 0; i <= ImageLimits.ArchiveDocumentsBytes / ImageLimits.DocumentBytes; i++) many.File($"{i}.json", tooLong[..^1]);
        await RefusedAsync(many.ToArray(), "its documents have more than", ErrorKind.TooLarge);
    }

    [Fact]
    public async Task Indexes_in_indexes_are_bounded()
    {
        var index = Encoding.UTF8.GetBytes("""{"schemaVersion":2,"manifests":[]}""");
        var tar = new TestTar();
        for (var i = 0; i < 10; i++)
        {
            tar.File(TestArchives.Blob(index), index);
            index = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"manifests":[{{TestArchives.Descriptor(MediaTypes.OciIndex, index)}}]}""");
        }

        await RefusedAsync(tar.File("index.json", index).ToArray(), "nested");
    }

    [Fact]
    public async Task Indexes_that_name_each_other_many_times_are_bounded()
    {
        // 1000 × 1000 × 1000 ways to something that is no image.
        var document = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"config":{{TestArchives.Descriptor("text/plain", [])}} ,"layers":[]}
            """);
        var tar = new TestTar();
        var mediaType = MediaTypes.OciManifest;
        for (var i = 0; i < 3; i++)
        {
            tar.File(TestArchives.Blob(document), document);
            var same = string.Join(',', Enumerable.Repeat(TestArchives.Descriptor(mediaType, document), 1000));
            (document, mediaType) = (Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"manifests":[{{same}}]}"""), MediaTypes.OciIndex);
        }

        await RefusedAsync(tar.File("index.json", document).ToArray(), "name more than", ErrorKind.TooLarge);
    }

    [Fact]
    public void A_config_that_is_named_many_times_is_parsed_once()
    {
        var contents = new ArchiveContents();
        contents.Add("config.json", TestImage.WithLayers("2024-01-01T00:00:00Z").Config);
        var item = ("config.json", Array.Empty<string>(), Array.Empty<string>());
        var images = DockerArchive.Read(contents, TestArchives.Manifest([.. Enumerable.Repeat(item, ImageLimits.ArchiveImages)]));
        Assert.Equal(ImageLimits.ArchiveImages, images.Count);
        Assert.All(images, i => Assert.Same(images[0].Config, i.Config));
    }

    [Fact]
    public async Task An_image_without_layers_is_an_image()
    {
        var empty = TestImage.WithLayers("2024-01-01T00:00:00Z");
        await _store.LoadAsync(TestArchives.Hybrid(empty, ["empty:1"]));
        await _store.AssertSoundAsync();
        var saved = await _store.SaveAsync("empty:1");
        await _store.RemoveAsync("empty:1");
        await _store.AssertEmptyAsync();
        Assert.Equal(empty.Id, Assert.Single(await _store.LoadAsync(saved)).Id);
    }

    [Fact]
    public async Task Attestations_pass_by_and_do_not_count()
    {
        var archive = TestArchives.Oci(s_image, ["app:1"]);
        var attestation = new byte[ImageLimits.DocumentBytes];
        attestation.AsSpan().Fill((byte)' ');
        """{"predicateType":"x"}"""u8.CopyTo(attestation);
        for (var i = 0; i <= ImageLimits.ArchiveDocumentsBytes / ImageLimits.DocumentBytes; i++) archive.File($"attestation{i}", attestation);
        Assert.Single(await _store.LoadAsync(archive));
    }

    [Fact]
    public async Task A_layout_without_an_image_for_the_host_is_refused()
    {
        var archive = TestArchives.OciNested(s_image, ["app:1"]);
        var manifest = (await TestTar.ReadAsync(archive.ToArray())).Single(e => Encoding.UTF8.GetString(e.Content).Contains("\"layers\":[", StringComparison.Ordinal));
        await RefusedAsync(archive.With(manifest.Name, _ => null).ToArray(), "holds no image for linux/amd64");
    }

    [Fact]
    public async Task Cancelling_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        var progress = new CancellingProgress(cancelled);
        var archive = new MemoryStream(TestArchives.Of("hybrid", s_image, "app:1").ToArray());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.Images.LoadAsync(archive, progress, cancelled.Token));
        await _store.AssertEmptyAsync();
    }

    [Fact]
    public async Task Many_loads_at_once_are_one()
    {
        var archive = TestArchives.Of("hybrid", s_image, "app:1").ToArray();
        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => i == 3 ? TryRemoveAsync() : (Task)_store.LoadAsync(archive))));
            await _store.AssertSoundAsync();
        }

        await TryRemoveAsync();
        await _store.AssertEmptyAsync();

        async Task TryRemoveAsync()
        {
            try
            {
                await _store.RemoveAsync("app:1");
            }
            catch (StrakeException e) when (e.Kind is ErrorKind.NotFound)
            {
                // The removal was faster than the first load.
            }
        }
    }

    async Task RefusedAsync(byte[] archive, string message, ErrorKind? kind = null)
    {
        var refused = await Assert.ThrowsAsync<StrakeException>(() => _store.LoadAsync(archive));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.True(kind is null ? refused.Kind is ErrorKind.Invalid or ErrorKind.DataLoss : refused.Kind == kind, $"{refused.Kind}: {refused.Message}");
        await _store.AssertEmptyAsync();
    }

    sealed class CancellingProgress(CancellationTokenSource source) : IProgress<LayerProgress>
    {
        public void Report(LayerProgress value) => source.Cancel();
    }
}
