namespace Strake.Images.Tests;

public sealed class ImageStoreTests : IAsyncLifetime
{
    static readonly TestImage s_old = TestImage.Of("2023-01-01T00:00:00Z", "base", "old");
    static readonly TestImage s_new = TestImage.Of("2024-01-01T00:00:00Z", "base", "new");

    TestStore _store = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.OpenAsync();
        await _store.LoadAsync(TestArchives.Blobs([(s_old, ["old:1", "reg.example/old:1"]), (s_new, [])]));
        _store.Events.Clear();
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_image_is_found_by_name_and_by_the_beginning_of_its_ID()
    {
        var hex = s_old.Id.Digest.Hex;
        foreach (var name in new[] { "old:1", "docker.io/library/old:1", hex, hex[..12], "sha256:" + hex, "sha256:" + hex[..7], Unique() })
            Assert.Equal(s_old.Id, (await _store.Images.GetAsync(name, Cancel)).Id);

        string Unique() => hex[..(hex.Zip(s_new.Id.Digest.Hex).TakeWhile(p => p.First == p.Second).Count() + 1)];
    }

    [Fact]
    public async Task A_name_wins_over_the_beginning_of_an_ID()
    {
        var name = s_old.Id.Short;
        await _store.Images.TagAsync(s_new.Id.ToString(), ImageReference.Parse(name), Cancel);
        Assert.Equal(s_new.Id, (await _store.Images.GetAsync(name, Cancel)).Id);
    }

    [Theory]
    [InlineData("old", "No such image: old:latest")]
    [InlineData("old:2", "No such image: old:2")]
    [InlineData("sha256:e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582", "No such image: sha256:e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582")]
    [InlineData("e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582", "No such image: sha256:e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582")]
    public async Task An_unknown_image_is_not_found(string name, string message)
    {
        var refused = await Assert.ThrowsAsync<StrakeException>(() => _store.Images.GetAsync(name, Cancel));
        Assert.Equal((ErrorKind.NotFound, message), (refused.Kind, refused.Message));
        Assert.Null(await _store.Images.FindAsync(name, Cancel));
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => _store.RemoveAsync(name))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => _store.Images.HistoryAsync(name, Cancel))).Kind);
    }

    [Fact]
    public async Task The_beginning_of_several_IDs_is_refused()
    {
        // Enough images that two IDs begin alike.
        for (var i = 0; i < 17; i++) await _store.LoadAsync(TestArchives.Legacy(TestImage.Of($"2024-01-01T00:00:{i:D2}Z", "base")));
        var digit = (await _store.ListAsync()).Select(i => i.Id.Digest.Hex[..1]).GroupBy(d => d, StringComparer.Ordinal).First(g => g.Count() > 1).Key;
        var refused = await Assert.ThrowsAsync<StrakeException>(() => _store.Images.GetAsync(digit, Cancel));
        Assert.Equal((ErrorKind.Invalid, $"multiple IDs found with provided prefix: {digit}"), (refused.Kind, refused.Message));
    }

    [Fact]
    public async Task Images_are_listed_newest_first_with_their_names_and_sizes()
    {
        var images = await _store.ListAsync(new ImageQuery { SharedSize = true });
        Assert.Equal([s_new.Id, s_old.Id], images.Select(i => i.Id));
        Assert.Equal(["old:1", "reg.example/old:1"], images[1].RepoTags);
        Assert.Equal(s_old.Layers.Sum(l => l.Length / 2), images[1].Record.SizeBytes);
        Assert.Equal(s_old.Layers[0].Length / 2, images[1].SharedSizeBytes);
        var usage = await _store.Images.MeasureAsync(Cancel);
        Assert.Equal(s_old.Layers.Append(s_new.Layers[1]).Sum(l => l.Length / 2), usage.LayersSizeBytes);
    }

    public static TheoryData<string, string> Filters => new()
    {
        { "dangling=true", "new" },
        { "dangling=false", "old" },
        { "label=made", "new old" },
        { "label=made=2023-01-01T00:00:00Z", "old" },
        { "label!=made=2023-01-01T00:00:00Z", "new" },
        { "label=other", "" },
        { "before=new", "old" },
        { "since=old", "new" },
        { "since=new", "" },
        { "until=2023-06-01T00:00:00Z", "old" },
        { "reference=old", "old" },
        { "reference=*:1", "old" },
        { "reference=reg.example/*", "old" },
        { "reference=x*", "" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task A_filter_lets_through_what_it_names(string filter, string expected)
    {
        var (name, value) = filter.StartsWith("label!=", StringComparison.Ordinal) ? ("label!", filter["label!=".Length..]) : (filter[..filter.IndexOf('=')], filter[(filter.IndexOf('=') + 1)..]);
        var query = name switch
        {
            "dangling" => new ImageQuery { Dangling = bool.Parse(value) },
            "label" => new ImageQuery { Labels = [value] },
            "label!" => new ImageQuery { NotLabels = [value] },
            "before" => new ImageQuery { Before = [s_new.Id.ToString()] },
            "since" => new ImageQuery { Since = [value == "old" ? "old:1" : s_new.Id.Short] },
            "until" => new ImageQuery { Until = DateTimeOffset.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
            _ => new ImageQuery { References = [value] },
        };
        Assert.Equal(expected, string.Join(' ', (await _store.ListAsync(query)).Select(i => i.Id == s_old.Id ? "old" : "new")));
    }

    [Fact]
    public async Task A_pattern_leaves_out_names_that_it_does_not_match() =>
        Assert.Equal(["reg.example/old:1"], Assert.Single(await _store.ListAsync(new ImageQuery { References = ["reg.example/old"] })).RepoTags);

    [Fact]
    public async Task Tagging_moves_a_name_and_tells_so()
    {
        await _store.Images.TagAsync("old:1", ImageReference.Parse("fresh"), Cancel);
        await _store.Images.TagAsync(s_new.Id.Short, ImageReference.Parse("fresh:latest"), Cancel);
        Assert.Equal(["fresh:latest"], (await _store.Images.GetAsync("fresh", Cancel)).RepoTags);
        Assert.Equal(s_new.Id, (await _store.Images.GetAsync("fresh", Cancel)).Id);
        Assert.Equal(["tag", "tag"], _store.Events.Select(e => e.Action));
        Assert.Equal("fresh:latest", _store.Events[0].Attributes["name"]);
        Assert.Equal("2023-01-01T00:00:00Z", _store.Events[0].Attributes["made"]);
        var digest = ImageReference.Parse($"x@{s_old.Id}");
        Assert.Equal(ErrorKind.Invalid, (await Assert.ThrowsAsync<StrakeException>(() => _store.Images.TagAsync("old:1", digest, Cancel))).Kind);
        await _store.AssertSoundAsync();
    }

    [Fact]
    public async Task History_shows_the_steps_newest_first()
    {
        var steps = await _store.Images.HistoryAsync("old:1", Cancel);
        Assert.Equal(["step 1", "step 0"], steps.Select(s => s.CreatedBy));
        Assert.Equal([s_old.Id, null], steps.Select(s => s.Id));
        Assert.Equal(s_old.Layers.Reverse().Select(l => (long)l.Length / 2), steps.Select(s => s.SizeBytes));
        Assert.Equal(["old:1", "reg.example/old:1"], steps[0].Tags);
    }

    [Fact]
    public async Task Removing_takes_the_last_name_the_config_and_the_layers_that_nobody_shares()
    {
        Assert.Equal(["old:1"], await _store.RemoveAsync("old:1"));
        var removed = await _store.Images.RemoveAsync("reg.example/old:1", new ImageRemovalOptions(), Cancel);
        Assert.Equal(["reg.example/old:1"], removed.Take(1).Select(r => r.Untagged));
        Assert.Equal([s_old.Id.ToString(), ChainId.Of(s_old.DiffIds)[1].ToString()], removed.Skip(1).Select(r => r.Deleted));
        Assert.Equal(["untag", "untag", "delete"], _store.Events.Select(e => e.Action));
        Assert.Equal([s_new.Id.Digest.Hex], _store.Blobs);
        await _store.AssertSoundAsync();
        Assert.Equal([s_new.Id.ToString(), .. ChainId.Of(s_new.DiffIds).Reverse().Select(c => c.ToString())], await _store.RemoveAsync(s_new.Id.Short));
        await _store.AssertEmptyAsync();
    }

    [Fact]
    public async Task A_used_image_stays()
    {
        _store.Users.Add(s_new.Id, new string('c', 64), isRunning: true);
        var refused = await Assert.ThrowsAsync<StrakeException>(() => _store.RemoveAsync(s_new.Id.ToString(), force: true));
        Assert.Equal(ErrorKind.Conflict, refused.Kind);
        Assert.Equal($"conflict: unable to delete {s_new.Id.Short} (cannot be forced) - image is being used by running container cccccccccccc", refused.Message);
        await _store.AssertSoundAsync();
    }

    [Fact]
    public async Task Prune_takes_what_dangles_and_with_all_what_is_unused()
    {
        var report = await _store.Images.PruneAsync(new ImagePruneQuery(), Cancel);
        Assert.Equal([s_new.Id.ToString(), ChainId.Of(s_new.DiffIds)[1].ToString()], report.Removed.Select(r => r.Deleted));
        Assert.Equal(s_new.Layers[1].Length / 2, report.ReclaimedBytes);
        Assert.Equal("prune", _store.Events[^1].Action);
        Assert.Equal($"{s_new.Layers[1].Length / 2}", _store.Events[^1].Attributes["reclaimed"]);

        Assert.Empty((await _store.Images.PruneAsync(new ImagePruneQuery { DanglingOnly = false, Until = DateTimeOffset.UnixEpoch }, Cancel)).Removed);
        Assert.Empty((await _store.Images.PruneAsync(new ImagePruneQuery { DanglingOnly = false, Labels = ["x"] }, Cancel)).Removed);
        _store.Users.Add(s_old.Id, "c", isRunning: false);
        Assert.Empty((await _store.Images.PruneAsync(new ImagePruneQuery { DanglingOnly = false }, Cancel)).Removed);
        Assert.Single(await _store.ListAsync());
    }

    [Fact]
    public async Task Prune_of_all_empties_the_store()
    {
        var child = s_old.Child("2025-01-01T00:00:00Z", "x");
        await _store.LoadAsync(TestArchives.Legacy(child, "child:1"));
        await _store.Images.PruneAsync(new ImagePruneQuery { DanglingOnly = false }, Cancel);
        await _store.AssertEmptyAsync();
    }

    [Fact]
    public async Task An_image_that_cannot_be_removed_does_not_end_a_prune_and_is_told_of()
    {
        await _store.ReopenAsync(new HookedStateStore(_store.State)
        {
            Committing = number => _ = number == 1 ? throw StrakeException.Unavailable("the disk failed") : number,
        });
        var report = await _store.Images.PruneAsync(new ImagePruneQuery { DanglingOnly = false }, Cancel);
        var left = Assert.Single(await _store.ListAsync());
        Assert.Contains(left.Id.Short, Assert.Single(report.Failures), StringComparison.Ordinal);
        Assert.NotEmpty(report.Removed);
        await _store.AssertSoundAsync();
    }

    [Fact]
    public async Task Records_that_cannot_be_read_stop_nothing_and_keep_what_is_theirs()
    {
        var layers = _store.Layers.Chains.Count;
        await _store.State.CommitAsync(
            new StateTransaction()
                .Put($"image/{s_new.Id.Digest.Hex}", "{"u8.ToArray())
                .Put("image/not-a-digest", "{}"u8.ToArray())
                .Put("tag/docker.io/library/bad:1", "{"u8.ToArray()),
            Cancel);
        await _store.ReopenAsync();

        Assert.Equal(3, _store.Images.OpenFindings.Count);
        Assert.Equal(_store.Images.OpenFindings.Order(StringComparer.Ordinal), (await _store.Images.CheckAsync(Cancel)).Order(StringComparer.Ordinal));
        Assert.Equal(s_old.Id, Assert.Single(await _store.ListAsync()).Id);
        Assert.Equal(s_old.Id, (await _store.Images.GetAsync("old:1", Cancel)).Id);
        Assert.Equal(2, _store.Blobs.Count);
        Assert.Equal(layers, _store.Layers.Chains.Count);
    }

    [Fact]
    public async Task Loading_an_image_again_mends_its_record_its_config_and_its_name()
    {
        var config = Path.Combine(_store.Directory, "blobs/sha256", s_new.Id.Digest.Hex);
        await File.WriteAllTextAsync(config, "{}", Cancel);
        await _store.State.CommitAsync(
            new StateTransaction().Put($"image/{s_new.Id.Digest.Hex}", "{"u8.ToArray()).Put("tag/docker.io/library/bad:1", "{"u8.ToArray()), Cancel);
        await _store.ReopenAsync();

        await _store.LoadAsync(TestArchives.Legacy(s_new, "bad:1"));

        Assert.Equal(s_new.Config, (await _store.Images.GetAsync("bad:1", Cancel)).Config.Bytes.ToArray());
        await _store.AssertSoundAsync();
    }

    [Fact]
    public async Task Import_makes_an_image_of_a_tar()
    {
        var tar = TestImage.Layer("root");
        var import = new ImageImport { Reference = ImageReference.Parse("imported"), Change = defaults => defaults with { Cmd = ["sh"] }, Message = "from a test" };
        var id = await _store.Images.ImportAsync(new MemoryStream(TestTar.Gzip(tar)), import, progress: null, Cancel);
        var image = await _store.Images.GetAsync("imported:latest", Cancel);
        Assert.Equal(id, image.Id);
        Assert.Equal([new DiffId(Digest.Of(tar))], image.Config.DiffIds);
        Assert.Equal(["sh"], image.Config.Defaults!.Cmd!);
        Assert.Equal("from a test", Assert.Single(image.Config.History!).Comment);
        Assert.Equal("linux/amd64", image.Config.Platform.ToString());
        Assert.Equal(["import", "tag"], _store.Events.Select(e => e.Action));
        await _store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_bad_import_leaves_nothing()
    {
        var layers = _store.Layers.Chains.Count;
        var tar = new MemoryStream(TestImage.Layer("root"));
        await Assert.ThrowsAsync<StrakeException>(() => _store.Images.ImportAsync(tar, new ImageImport { Change = _ => throw StrakeException.Invalid("no") }, progress: null, Cancel));
        Assert.Equal(0, tar.Position);
        await Assert.ThrowsAsync<StrakeException>(() => _store.Images.ImportAsync(new MemoryStream([1, 2, 3]), new ImageImport(), progress: null, Cancel));
        var volume = new ImageImport { Change = defaults => defaults with { Volumes = ["/../x"] } };
        await Assert.ThrowsAsync<StrakeException>(() => _store.Images.ImportAsync(new MemoryStream(TestImage.Layer("root")), volume, progress: null, Cancel));
        Assert.Equal(layers, _store.Layers.Chains.Count);
        Assert.Equal(0, _store.Layers.OpenIngests);
        Assert.Equal(2, (await _store.ListAsync()).Count);
    }

    [Fact]
    public async Task A_commit_lays_one_step_on_its_parent()
    {
        var layer = TestImage.Layer("change");
        ImageId id;
        await using (var ingest = _store.Layers.BeginIngest())
        {
            var receipt = await ingest.ReceiveAsync(new MemoryStream(layer), LayerExpectation.None, progress: null, Cancel);
            await ingest.CommitAsync([.. s_old.DiffIds.Select(d => new ReceivedLayer(d, null)), new(receipt.DiffId, receipt)], Cancel);
            id = await _store.Images.CreateFromCommitAsync(
                new ImageCommit
                {
                    Parent = s_old.Id, Layer = receipt.DiffId, Change = defaults => defaults with { Labels = new Dictionary<string, string> { ["x"] = "y" } }, Author = "me", Comment = "why", CreatedBy = "sh", Reference = ImageReference.Parse("c:1"),
                },
                Cancel);
        }

        var image = await _store.Images.GetAsync("c:1", Cancel);
        Assert.Equal(id, image.Id);
        Assert.Equal([.. s_old.DiffIds, new DiffId(Digest.Of(layer))], image.Config.DiffIds);
        Assert.Equal(["/bin/sh"], image.Config.Defaults!.Cmd!);
        Assert.Equal("y", image.Config.Labels["x"]);
        Assert.Equal(s_old.Id, image.Record.Parent);
        Assert.Equal(["sh", "step 1", "step 0"], (await _store.Images.HistoryAsync("c:1", Cancel)).Select(s => s.CreatedBy));
        Assert.Equal([id, s_old.Id, null], (await _store.Images.HistoryAsync("c:1", Cancel)).Select(s => s.Id));
        Assert.Contains("has dependent child images", (await Assert.ThrowsAsync<StrakeException>(() => _store.RemoveAsync(s_old.Id.ToString(), force: true))).Message, StringComparison.Ordinal);
        await _store.AssertSoundAsync();

        // An unnamed parent goes with its child.
        await _store.RemoveAsync("old:1");
        await _store.RemoveAsync("reg.example/old:1");
        Assert.Equal(
            ["c:1", id.ToString(), .. ChainId.Of(image.Config.DiffIds).Reverse().Take(2).Select(c => c.ToString()), s_old.Id.ToString()],
            await _store.RemoveAsync("c:1"));
    }

    [Fact]
    public async Task A_commit_without_a_change_adds_a_step_but_no_layer()
    {
        var id = await _store.Images.CreateFromCommitAsync(
            new ImageCommit { Parent = s_old.Id, Layer = new DiffId(Digest.Of(new byte[1024])), CreatedBy = "nothing" }, Cancel);
        var image = (await _store.Images.FindAsync(id, Cancel))!;
        Assert.Equal(s_old.DiffIds, image.Config.DiffIds);
        Assert.True(image.Config.History![^1].EmptyLayer);
        Assert.Equal([0, s_old.Layers[1].Length / 2, s_old.Layers[0].Length / 2], (await _store.Images.HistoryAsync(id.ToString(), Cancel)).Select(s => s.SizeBytes));
    }

    [Fact]
    public async Task A_commit_on_nothing_is_refused()
    {
        var unknown = new ImageCommit { Parent = s_old.Id, Layer = new DiffId(Digest.Of([7])) };
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => _store.Images.CreateFromCommitAsync(unknown, Cancel))).Kind);
        var orphan = new ImageCommit { Parent = new ImageId(Digest.Of([7])) };
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => _store.Images.CreateFromCommitAsync(orphan, Cancel))).Kind);
        Assert.Equal(2, _store.Blobs.Count);
    }

    [Fact]
    public async Task Opening_removes_configs_without_a_record_and_reports_records_without_a_config()
    {
        var stray = Path.Combine(_store.Directory, "blobs/sha256", new string('a', 64));
        await File.WriteAllTextAsync(stray, "{}", Cancel);
        File.Delete(Path.Combine(_store.Directory, "blobs/sha256", s_new.Id.Digest.Hex));
        await _store.ReopenAsync();
        Assert.False(File.Exists(stray));
        Assert.Contains(s_new.Id.Short, Assert.Single(_store.Images.OpenFindings), StringComparison.Ordinal);
        Assert.Equal(ErrorKind.DataLoss, (await Assert.ThrowsAsync<StrakeException>(() => _store.Images.GetAsync(s_new.Id.ToString(), Cancel))).Kind);

        // What is damaged can be listed and removed.
        Assert.Equal(2, (await _store.ListAsync()).Count);
        await _store.RemoveAsync(s_new.Id.ToString());
        await _store.AssertSoundAsync();
    }

    [Fact]
    public async Task The_check_finds_every_kind_of_damage()
    {
        await File.WriteAllTextAsync(Path.Combine(_store.Directory, "blobs/sha256", s_new.Id.Digest.Hex), "{}", Cancel);
        await File.WriteAllTextAsync(Path.Combine(_store.Directory, "blobs/sha256", new string('a', 64)), "{}", Cancel);
        _store.Layers.Lose(ChainId.Of(s_old.DiffIds)[1]);
        await _store.State.CommitAsync(
            new StateTransaction()
                .Delete(LayerReference.Key(ChainId.Of(s_new.DiffIds)[1], $"image/{s_new.Id.Digest.Hex}"))
                .Put(LayerReference.Key(ChainId.Of(s_new.DiffIds)[1], $"image/{new string('b', 64)}"), ReadOnlyMemory<byte>.Empty)
                .Put("tag/Not A Reference", """{"Image":"sha256:e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582"}"""u8.ToArray())
                .Put("tag/docker.io/library/lost:1", """{"Image":"sha256:e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582"}"""u8.ToArray()),
            Cancel);
        var findings = await _store.Images.CheckAsync(Cancel);
        foreach (var expected in new[] { "damaged", "no image has it", "is gone", "its layer reference is gone", "keeps layers for an image that is gone", "no reference", "lost:1: its image is gone" })
            Assert.Contains(findings, f => f.Contains(expected, StringComparison.Ordinal));
        Assert.Equal(2, (await _store.ListAsync()).Count);
    }
}
