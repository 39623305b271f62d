namespace Strake.Images.Tests;

/// <summary>The process dies right before or right after a commit; after a restart the image is there whole or not at all.</summary>
public class CrashTests
{
    static readonly TestImage s_image = TestImage.Of("2024-01-01T00:00:00Z", "one", "two");

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, bool> Points
    {
        get
        {
            var points = new TheoryData<string, int, bool>();
            foreach (var operation in new[] { "load", "tag", "remove", "import", "commit", "prune" })
            {
                points.Add(operation, 1, false);
                points.Add(operation, 1, true);
            }

            return points;
        }
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task Nothing_is_left_half_there(string operation, int commit, bool isApplied)
    {
        using var store = await TestStore.OpenAsync();
        if (operation is not "load") await store.LoadAsync(TestArchives.Of("hybrid", s_image, "app:1"));
        var before = await NamesAsync(store);

        var dying = new CrashingStateStore(store.State, commit, isApplied);
        await store.ReopenAsync(dying);
        await Assert.ThrowsAsync<SimulatedCrashException>(() => RunAsync(store, operation));
        Assert.True(dying.IsDead);

        await store.ReopenAsync();
        Assert.Empty(store.Images.OpenFindings);
        await store.AssertSoundAsync();
        if (isApplied) Assert.NotEqual(before, await NamesAsync(store));
        else Assert.Equal(before, await NamesAsync(store));

        // What was cut off can be done again, whether it was done or not.
        if (operation is "load" or "import") await RunAsync(store, operation);
        await store.Images.PruneAsync(new ImagePruneQuery { DanglingOnly = false }, Cancel);
        await store.AssertEmptyAsync();
    }

    static async Task<string> NamesAsync(TestStore store) =>
        string.Join(' ', (await store.ListAsync()).SelectMany(i => i.RepoTags.Append(i.RepoTags.Count == 0 ? "<none>" : "")).Order(StringComparer.Ordinal));

    static Task RunAsync(TestStore store, string operation) => operation switch
    {
        "load" => store.LoadAsync(TestArchives.Of("hybrid", s_image, "app:1")),
        "tag" => store.Images.TagAsync("app:1", ImageReference.Parse("other"), Cancel),
        "remove" => store.RemoveAsync("app:1"),
        "import" => store.Images.ImportAsync(
            new MemoryStream(TestImage.Layer("x")), new ImageImport { Reference = ImageReference.Parse("imported") }, progress: null, Cancel),
        "commit" => store.Images.CreateFromCommitAsync(
            new ImageCommit { Parent = s_image.Id, CreatedBy = "x", Reference = ImageReference.Parse("committed") }, Cancel),
        "prune" => store.Images.PruneAsync(new ImagePruneQuery { DanglingOnly = false }, Cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "unknown operation"),
    };
}
