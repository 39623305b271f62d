namespace Strake.Volumes.Tests;

/// <summary>Who may be copied, rolled back and cloned when, and under which names.</summary>
public sealed class VolumeCopiesTests : IAsyncLifetime
{
    static readonly Attachment Use = new("container/c1", "/data", ReadOnly: false);
    static readonly HashSet<string> Nobody = [];

    readonly VolumeFixture fixture = new();
    VolumeStore volumes = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    string FilePath => Path.Combine(fixture["data"], "file");

    public async ValueTask InitializeAsync()
    {
        volumes = await fixture.OpenAsync();
        await volumes.CreateAsync(new("data") { Labels = new Dictionary<string, string> { ["a"] = "b" }, Attachment = Use }, Token);
        await File.WriteAllTextAsync(FilePath, "old", Token);
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task A_snapshot_without_a_name_is_called_after_its_moment()
    {
        VolumeSnapshot made = await volumes.Copies.SnapshotAsync("data", null, Nobody, Token);
        Assert.Matches(@"^\d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d$", made.Name.ToString());
        Assert.Equal([made], await volumes.Copies.ListAsync("data", Token));
    }

    [Theory]
    [InlineData("../up")]
    [InlineData(".making")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task A_snapshots_name_leads_nowhere(string name)
    {
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => volumes.Copies.SnapshotAsync("data", name, Nobody, Token));
        Assert.Equal(ErrorKind.Invalid, refused.Kind);
    }

    [Fact]
    public async Task What_is_written_by_somebody_is_copied_only_while_they_are_held()
    {
        await volumes.Uses.MountAsync("data", Use.Holder, Token);
        Assert.Equal(ErrorKind.InUse, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Copies.SnapshotAsync("data", "one", Nobody, Token))).Kind);
        Assert.Equal(ErrorKind.InUse, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Copies.CloneAsync(new("data", null, "copy"), Nobody, Token))).Kind);
        Assert.Null(await volumes.FindAsync("copy", Token));

        await volumes.Copies.SnapshotAsync("data", "one", new HashSet<string> { Use.Holder }, Token);
        // What a snapshot has nobody writes to.
        await volumes.Copies.CloneAsync(new("data", "one", "copy"), Nobody, Token);
        Assert.Equal("old", await File.ReadAllTextAsync(Path.Combine(fixture["copy"], "file"), Token));
    }

    [Fact]
    public async Task Who_only_reads_need_not_be_held()
    {
        await volumes.Uses.AttachAsync("data", Use with { ReadOnly = true }, Token);
        await volumes.Uses.MountAsync("data", Use.Holder, Token);
        await volumes.Copies.SnapshotAsync("data", "one", Nobody, Token);
    }

    [Fact]
    public async Task A_volume_is_rolled_back_only_while_nobody_has_it_mounted()
    {
        await volumes.Copies.SnapshotAsync("data", "one", Nobody, Token);
        await File.WriteAllTextAsync(FilePath, "new", Token);
        await volumes.Uses.MountAsync("data", Use.Holder, Token);
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => volumes.Copies.RollBackAsync("data", "one", Token));
        Assert.Contains(Use.Holder, refused.Message, StringComparison.Ordinal);
        Assert.Equal("new", await File.ReadAllTextAsync(FilePath, Token));

        await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
        await volumes.Copies.RollBackAsync("data", "one", Token);
        Assert.Equal("old", await File.ReadAllTextAsync(FilePath, Token));
        Assert.Empty(await volumes.CheckAsync(new HashSet<string> { Use.Holder }, Token));
    }

    [Fact]
    public async Task A_clone_has_its_originals_labels_and_a_name_that_nobody_had()
    {
        await volumes.Copies.CloneAsync(new("data", null, "copy"), Nobody, Token);
        Assert.Equal("b", (await volumes.FindAsync("copy", Token))!.Labels["a"]);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Copies.CloneAsync(new("data", null, "copy"), Nobody, Token))).Kind);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Copies.CloneAsync(new("data", null, "data"), Nobody, Token))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Copies.CloneAsync(new("data", "gone", "other"), Nobody, Token))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Copies.CloneAsync(new("gone", null, "other"), Nobody, Token))).Kind);
    }

    [Theory]
    [InlineData("data", "new")]
    [InlineData("data@one", "old")]
    public async Task Docker_asks_for_a_clone_by_an_option(string reference, string content)
    {
        await volumes.Copies.SnapshotAsync("data", "one", Nobody, Token);
        await File.WriteAllTextAsync(FilePath, "new", Token);
        var request = new VolumeRequest("copy")
        {
            Driver = "local",
            DriverOptions = new Dictionary<string, string> { ["clone"] = reference },
            Labels = new Dictionary<string, string> { ["c"] = "d" },
            Attachment = Use with { Holder = "container/c2" },
        };
        Volume made = await volumes.CreateAsync(request, Token);
        await File.AppendAllTextAsync(Path.Combine(made.Mountpoint, "file"), "er", Token);
        // Asked for again, it is found as it is.
        await volumes.CreateAsync(request, Token);
        Assert.Equal(content + "er", await File.ReadAllTextAsync(Path.Combine(fixture["copy"], "file"), Token));
        Assert.Equal("c=d", string.Join(',', made.Labels.Select(static label => $"{label.Key}={label.Value}")));
        Assert.Single(await volumes.Uses.OfAsync("copy", Token));
        Assert.True((await volumes.CreateAsync(request with { Name = null, Driver = "" }, Token)).IsAnonymous);
    }

    [Theory]
    [InlineData("clone=", "clone")]
    [InlineData("clone=../up", "clone")]
    [InlineData("clone=data,size=1g", "size")]
    public async Task What_is_no_clone_is_refused_by_name(string options, string named)
    {
        Dictionary<string, string> pairs = options.Split(',').Select(static pair => pair.Split('=')).ToDictionary(static pair => pair[0], static pair => pair[1]);
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => volumes.CreateAsync(new("copy") { DriverOptions = pairs }, Token));
        Assert.Equal(ErrorKind.Invalid, refused.Kind);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clone_of_a_clone_that_is_cloned_back_at_once_waits_for_nobody_for_ever()
    {
        await volumes.CreateAsync(new("other"), Token);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => volumes.Copies.CloneAsync(
            number % 2 == 0 ? new("data", null, $"zz{number}") : new("other", null, $"aa{number}"), Nobody, Token))).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(22, (await volumes.ListAsync(Token)).Count);
    }

    [Fact]
    public async Task A_copy_for_one_use_goes_with_a_user_that_no_restart_knows()
    {
        var request = new VolumeCloneRequest("data", null, Target: null) { Attachment = new Attachment("export/one", "/", ReadOnly: true) };
        string copy = await volumes.Copies.CloneAsync(request, Nobody, Token);
        Assert.True((await volumes.FindAsync(copy, Token))!.IsAnonymous);

        VolumeStore reopened = await fixture.OpenAsync();
        await reopened.ReconcileAsync(new HashSet<string> { Use.Holder }, Nobody, Token);
        Assert.Equal(["data"], (await reopened.ListAsync(Token)).Select(static volume => volume.Name));
    }

    [Fact]
    public async Task Half_a_copy_that_a_kill_has_left_goes_at_the_next_start()
    {
        await volumes.Copies.SnapshotAsync("data", "one", Nobody, Token);
        var dying = new DyingStateStore(fixture.State, lastCommit: 1, applied: true);
        await Assert.ThrowsAsync<DyingStateStore.DiedException>(
            async () => await (await fixture.OpenAsync(dying)).Copies.SnapshotAsync("data", "two", Nobody, Token));
        string home = Path.GetDirectoryName(fixture["data"])!;
        foreach (string rest in (string[])["snapshots/.making", "snapshots/.removing", "rollback.making", "rollback.old"])
            await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(home, rest)).FullName, "rest"), "", Token);

        VolumeStore reopened = await fixture.OpenAsync();
        Assert.Empty(reopened.OpenFindings);
        Assert.Equal(["_data", "snapshots"], Directory.EnumerateFileSystemEntries(home).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal([Path.Combine(home, "snapshots", "one")], Directory.EnumerateFileSystemEntries(Path.Combine(home, "snapshots")));
    }

    [Fact]
    public async Task A_rollback_of_which_the_copy_was_whole_is_finished_by_the_next_start()
    {
        var dying = new DyingStateStore(fixture.State, lastCommit: 1, applied: true);
        await volumes.Copies.SnapshotAsync("data", "one", Nobody, Token);
        await Assert.ThrowsAsync<DyingStateStore.DiedException>(
            async () => await (await fixture.OpenAsync(dying)).Copies.RollBackAsync("data", "one", Token));
        string whole = Directory.CreateDirectory(Path.Combine(fixture.Root, "data", "rollback", "_data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(whole, "file"), "whole", Token);

        for (int start = 0; start < 2; start++)
        {
            Assert.Empty((await fixture.OpenAsync()).OpenFindings);
            Assert.Equal("whole", await File.ReadAllTextAsync(FilePath, Token));
            Assert.False(Directory.Exists(Path.Combine(fixture.Root, "data", "rollback")));
        }
    }

    [Fact]
    public async Task A_volume_of_another_name_has_its_snapshots_and_no_user()
    {
        await volumes.Copies.SnapshotAsync("data", "one", Nobody, Token);
        Assert.Equal(ErrorKind.InUse, (await Assert.ThrowsAsync<StrakeException>(() => volumes.RenameAsync("data", "other", Token))).Kind);
        await volumes.Uses.DetachAsync("data", Use.Holder, Token);
        await volumes.CreateAsync(new("taken"), Token);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => volumes.RenameAsync("data", "taken", Token))).Kind);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => volumes.RenameAsync("data", "data", Token))).Kind);

        Volume renamed = await volumes.RenameAsync("data", "other", Token);
        Assert.Equal(("other", fixture["other"], "b"), (renamed.Name, renamed.Mountpoint, renamed.Labels["a"]));
        Assert.Single(await volumes.Copies.ListAsync("other", Token));
        Assert.Null(await volumes.FindAsync("data", Token));
    }
}
