using Strake.Linux;

namespace Strake.Volumes.Tests;

public sealed class VolumeRecoveryTests
{
    const int MoreCommitsThanAnyOperationMakes = 12;

    static readonly HashSet<string> Holders = ["container/c1"];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Operations => new()
    {
        { "create", false }, { "create", true }, { "create for a container", false }, { "create for a container", true },
        { "remove", false }, { "remove", true }, { "fill", false }, { "fill", true }, { "snapshot", false }, { "snapshot", true },
        { "roll back", false }, { "roll back", true }, { "clone", false }, { "clone", true }, { "trash", false }, { "trash", true },
        { "restore", false }, { "restore", true }, { "rename", false }, { "rename", true }, { "use", false }, { "use", true },
        { "make anew", false }, { "make anew", true },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Death_at_any_commit_leaves_nothing_half_done(string operation, bool applied)
    {
        bool finished = false;
        for (int commit = 1; !finished; commit++)
        {
            Assert.True(commit < MoreCommitsThanAnyOperationMakes, $"{operation} never ends");
            await using var fixture = new VolumeFixture();
            await PrepareAsync(operation, fixture);
            var dying = new DyingStateStore(fixture.State, commit, applied);
            try
            {
                await RunAsync(operation, await fixture.OpenAsync(dying), fixture);
            }
            catch (DyingStateStore.DiedException)
            {
                Assert.True(dying.Died);
            }

            finished = !dying.Died;
            VolumeStore reopened = await fixture.OpenAsync();
            await reopened.ReconcileAsync(new HashSet<string>(), new HashSet<string>(), Token);
            Assert.Empty(await reopened.CheckAsync(new HashSet<string>(), Token));
            if (!finished)
                await RunAsync(operation, reopened, fixture);
            Assert.Empty(await reopened.CheckAsync(Holders, Token));
        }
    }

    [Theory]
    [InlineData("_filling", false)]
    [InlineData("_filling.whole", true)]
    public async Task A_copy_is_moved_in_by_the_next_start_if_it_was_whole_when_the_daemon_died(string staged, bool isWhole)
    {
        await using var fixture = new VolumeFixture();
        VolumeStore volumes = await fixture.OpenAsync(new DyingStateStore(fixture.State, lastCommit: 3, applied: true));
        await volumes.CreateAsync(new("data"), Token);
        using (var source = Syscall.Open(fixture.MakeSource(), OpenFlags.Directory))
            await Assert.ThrowsAsync<DyingStateStore.DiedException>(() => volumes.Uses.FillAsync("data", source, Token));
        string copy = Path.Combine(fixture.Root, "data", staged);
        Directory.CreateDirectory(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.StickyBit);
        foreach (string name in (string[])["theirs", "ours"])
            await File.WriteAllTextAsync(Path.Combine(copy, name), "of the image", Token);
        await File.WriteAllTextAsync(Path.Combine(fixture["data"], "theirs"), "of a container", Token);

        for (int start = 0; start < 2; start++)
        {
            VolumeStore reopened = await fixture.OpenAsync();
            Assert.Empty(reopened.OpenFindings);
            Assert.Empty(await reopened.CheckAsync(Holders, Token));
            Assert.Equal("of a container", await File.ReadAllTextAsync(Path.Combine(fixture["data"], "theirs"), Token));
            Assert.Equal(isWhole, File.Exists(Path.Combine(fixture["data"], "ours")));
            Assert.Equal(isWhole, File.GetUnixFileMode(fixture["data"]).HasFlag(UnixFileMode.StickyBit));
            Assert.Equal([fixture["data"]], Directory.EnumerateFileSystemEntries(Path.Combine(fixture.Root, "data")));
        }
    }

    [Fact]
    public async Task A_use_that_cannot_be_read_still_counts_and_keeps_no_volume_from_its_users()
    {
        await using var fixture = new VolumeFixture();
        VolumeStore volumes = await fixture.OpenAsync();
        await volumes.CreateAsync(new("data") { Attachment = new("container/c1", "/data", ReadOnly: false) }, Token);
        await volumes.CreateAsync(new("lost") { Attachment = new("container/gone", "/data", ReadOnly: false) }, Token);
        await fixture.State.CommitAsync(
            new StateTransaction().Put("volume-use/data/container/c1", "{"u8.ToArray()).Put("volume/lost", "{}"u8.ToArray()), Token);

        VolumeStore reopened = await fixture.OpenAsync();
        await reopened.ReconcileAsync(Holders, Holders, Token);

        Assert.Equal("data", Assert.Single(await reopened.ListAsync(Token)).Name);
        Assert.Equal(ErrorKind.InUse, (await Assert.ThrowsAsync<StrakeException>(() => reopened.RemoveAsync("data", force: false, Token))).Kind);
        Assert.Contains(reopened.OpenFindings, finding => finding.StartsWith("volume lost", StringComparison.Ordinal));
        Assert.Contains(
            await reopened.CheckAsync(Holders, Token), finding => finding.Contains("volume-use/data/container/c1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_volume_of_a_driver_that_is_no_more_hides_no_other()
    {
        await using var fixture = new VolumeFixture();
        await (await fixture.OpenAsync()).CreateAsync(new("sound"), Token);
        await fixture.State.CommitAsync(
            new StateTransaction().Put(
                "volume/foreign",
                """{"Driver":"gone","Options":{},"Labels":{},"CreatedAt":"2024-01-01T00:00:00+00:00","State":"Ready"}"""u8.ToArray()),
            Token);

        VolumeStore volumes = await fixture.OpenAsync();

        Assert.Equal(["foreign", "sound"], (await volumes.ListAsync(Token)).Select(volume => volume.Name));
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Uses.MountAsync("foreign", "container/c1", Token))).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("_data")]
    [InlineData("options.json")]
    public async Task What_a_power_cut_takes_of_a_volume_that_nobody_has_used_is_there_again_after_it(string lost)
    {
        await using var fixture = new VolumeFixture();
        var request = new VolumeRequest("data") { DriverOptions = new Dictionary<string, string> { ["backend"] = "image", ["size"] = "20m" }, Labels = new Dictionary<string, string> { ["kept"] = "yes" } };
        await (await fixture.OpenAsync()).CreateAsync(request, Token);
        string home = Path.Combine(fixture.Root, "data");
        if (lost == "options.json")
            await File.WriteAllTextAsync(Path.Combine(home, lost), "", Token);
        else
            Directory.Delete(Path.Combine(home, lost), recursive: true);

        VolumeStore volumes = await fixture.OpenAsync();

        Assert.Empty(volumes.OpenFindings);
        Assert.Empty(await volumes.CheckAsync(Holders, Token));
        Volume volume = Assert.Single(await volumes.ListAsync(Token));
        Assert.Equal("yes", volume.Labels["kept"]);
        Assert.True(Directory.Exists(volume.Mountpoint));
        Assert.Equal(20 << 20, (await volumes.Measures.SpaceOfAsync("data", Token))!.LimitBytes);
    }

    [Fact]
    public async Task What_is_written_into_a_volume_that_nobody_has_mounted_stays()
    {
        await using var fixture = new VolumeFixture();
        VolumeStore volumes = await fixture.OpenAsync();
        await volumes.CreateAsync(new("data"), Token);
        await File.WriteAllTextAsync(Path.Combine(fixture["data"], "file"), "by hand", Token);

        volumes = await fixture.OpenAsync();
        await volumes.Uses.MountAsync("data", "container/c1", Token);

        Assert.Equal("by hand", await ReadAsync(fixture, "data"));
    }

    [Fact]
    public async Task A_removed_volume_that_a_power_cut_brings_back_goes_at_the_next_start()
    {
        await using var fixture = new VolumeFixture();
        VolumeStore volumes = await fixture.OpenAsync(time: new StandingTime());
        await volumes.CreateAsync(new("data"), Token);
        await volumes.RemoveAsync("data", force: false, Token);
        Assert.Empty(await volumes.ListAsync(Token));
        Directory.CreateDirectory(fixture["data"]);
        await File.WriteAllTextAsync(Path.Combine(fixture["data"], "file"), "old", Token);

        volumes = await fixture.OpenAsync();

        Assert.Empty(volumes.OpenFindings);
        Assert.Empty(await volumes.ListAsync(Token));
        Assert.Empty(Directory.GetFileSystemEntries(fixture.Root));
    }

    [Fact]
    public async Task The_record_of_a_removed_volume_goes_as_soon_as_somebody_asks_for_the_name()
    {
        await using var fixture = new VolumeFixture();
        VolumeStore volumes = await fixture.OpenAsync(time: new StandingTime());
        await volumes.CreateAsync(new("data"), Token);
        await volumes.RemoveAsync("data", force: false, Token);
        Assert.NotNull(await fixture.State.GetAsync("volume/data", Token));

        Assert.Null(await volumes.FindAsync("data", Token));

        Assert.Null(await fixture.State.GetAsync("volume/data", Token));
    }

    [Fact]
    public async Task A_directory_that_no_record_names_is_adopted_with_its_content()
    {
        await using var fixture = new VolumeFixture();
        Directory.CreateDirectory(fixture["precious"]);
        await File.WriteAllTextAsync(Path.Combine(fixture["precious"], "file"), "content", Token);

        VolumeStore volumes = await fixture.OpenAsync();

        Assert.Equal("precious", Assert.Single(await volumes.ListAsync(Token)).Name);
        Assert.True(File.Exists(Path.Combine(fixture["precious"], "file")));
        Assert.Empty(await volumes.CheckAsync(Holders, Token));
    }

    [Fact]
    public async Task A_volume_that_cannot_be_settled_keeps_no_other_from_its_users()
    {
        await using var fixture = new VolumeFixture();
        VolumeStore volumes = await fixture.OpenAsync();
        await volumes.CreateAsync(new("stuck"), Token);
        await volumes.CreateAsync(new("unreadable"), Token);
        await volumes.CreateAsync(new("sound"), Token);
        await Assert.ThrowsAsync<DyingStateStore.DiedException>(
            async () => await (await fixture.OpenAsync(new DyingStateStore(fixture.State, lastCommit: 1, applied: true))).RemoveAsync("stuck", force: false, Token));
        await fixture.State.CommitAsync(new StateTransaction().Put("volume/unreadable", "{"u8.ToArray()), Token);

        using (new Mount("tmpfs", "tmpfs", fixture["stuck"]).Attach())
        {
            VolumeStore reopened = await fixture.OpenAsync();

            Assert.Equal("sound", Assert.Single(await reopened.ListAsync(Token)).Name);
            Assert.Equal(fixture["sound"], await reopened.Uses.MountAsync("sound", "container/c1", Token));
            Assert.Collection(
                reopened.OpenFindings.Order(StringComparer.Ordinal),
                finding => Assert.Contains("is mounted below", finding, StringComparison.Ordinal),
                finding => Assert.StartsWith("volume unreadable", finding, StringComparison.Ordinal));
        }

        VolumeStore settled = await fixture.OpenAsync();
        Assert.False(Directory.Exists(fixture["stuck"]));
        Assert.True(Directory.Exists(fixture["unreadable"]));
        Assert.Single(settled.OpenFindings);
    }

    [Fact]
    public async Task Anonymous_volumes_go_with_the_holder_that_is_no_more_and_named_ones_stay()
    {
        await using var fixture = new VolumeFixture();
        VolumeStore volumes = await fixture.OpenAsync();
        var use = new Attachment("container/gone", "/data", ReadOnly: false);
        await volumes.CreateAsync(new("named") { Attachment = use }, Token);
        await volumes.CreateAsync(new(Name: null) { Attachment = use }, Token);
        Volume used = await volumes.CreateAsync(new(Name: null) { Attachment = use with { Holder = "container/c1" } }, Token);

        await volumes.ReconcileAsync(Holders, Holders, Token);

        Assert.Equal(new[] { "named", used.Name }.Order(StringComparer.Ordinal), (await volumes.ListAsync(Token)).Select(volume => volume.Name).Order(StringComparer.Ordinal));
        Assert.Empty(await volumes.CheckAsync(Holders, Token));
    }

    // No wait of it ever ends.
    sealed class StandingTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    static async Task PrepareAsync(string operation, VolumeFixture fixture)
    {
        if (operation is not ("create" or "create for a container"))
            await (await fixture.OpenAsync()).CreateAsync(new("data"), Token);
        if (operation is "roll back" or "clone" or "trash" or "restore" or "rename" or "make anew")
            await File.WriteAllTextAsync(Path.Combine(fixture["data"], "file"), "old", Token);
        if (operation is "roll back")
        {
            await (await fixture.OpenAsync()).Copies.SnapshotAsync("data", "before", new HashSet<string>(), Token);
            await File.WriteAllTextAsync(Path.Combine(fixture["data"], "file"), "new", Token);
        }

        if (operation is "restore")
            await (await fixture.OpenAsync()).Trash.PutAsync("data", TimeSpan.FromHours(1), Token);
    }

    static async Task RunAsync(string operation, VolumeStore volumes, VolumeFixture fixture)
    {
        switch (operation)
        {
            case "create":
                await volumes.CreateAsync(new("data"), Token);
                break;
            case "create for a container":
                await volumes.CreateAsync(new(Name: null) { Attachment = new("container/c1", "/data", ReadOnly: false) }, Token);
                break;
            case "remove":
                await volumes.RemoveAsync("data", force: true, Token);
                Assert.False(Directory.Exists(fixture["data"]));
                break;
            case "fill":
                using (var source = Syscall.Open(fixture.MakeSource(), OpenFlags.Directory))
                    await volumes.Uses.FillAsync("data", source, Token);
                Assert.True(File.Exists(Path.Combine(fixture["data"], "sub", "file")));
                break;
            case "snapshot":
                // Made before the death, it is there: nobody heard of it, and nothing is wrong with it.
                if ((await volumes.Copies.ListAsync("data", Token)).Count == 0)
                    await volumes.Copies.SnapshotAsync("data", "one", new HashSet<string>(), Token);
                Assert.Single(await volumes.Copies.ListAsync("data", Token));
                break;
            case "roll back":
                await volumes.Copies.RollBackAsync("data", "before", Token);
                Assert.Equal("old", await ReadAsync(fixture, "data"));
                break;
            case "clone":
                if (await volumes.FindAsync("copy", Token) is null)
                    await volumes.Copies.CloneAsync(new("data", null, "copy"), new HashSet<string>(), Token);
                Assert.Equal("old", await ReadAsync(fixture, "copy"));
                break;
            case "trash":
                if (await volumes.FindAsync("data", Token) is not null)
                    await volumes.Trash.PutAsync("data", TimeSpan.FromHours(1), Token);
                Assert.Equal("old", await ReadAsync(fixture, Assert.Single(await volumes.Trash.ListAsync(Token)).Id));
                break;
            case "restore":
                if (await volumes.FindAsync("data", Token) is null)
                    await volumes.Trash.RestoreAsync("data", name: null, Token);
                Assert.Empty(await volumes.Trash.ListAsync(Token));
                Assert.Equal("old", await ReadAsync(fixture, "data"));
                break;
            case "use":
                await UseAsync(volumes, fixture);
                break;
            case "make anew":
                await MakeAnewAsync(volumes, fixture);
                break;
            case "rename":
                await RenameAsync(volumes, fixture);
                break;
            default:
                throw new ArgumentException($"unknown operation {operation}", nameof(operation));
        }
    }

    static async Task RenameAsync(VolumeStore volumes, VolumeFixture fixture)
    {
        if (await volumes.FindAsync("other", Token) is null)
            await volumes.RenameAsync("data", "other", Token);
        Assert.Equal("old", await ReadAsync(fixture, "other"));
    }

    static async Task UseAsync(VolumeStore volumes, VolumeFixture fixture)
    {
        await volumes.CreateAsync(new("fresh") { Attachment = new("container/c1", "/data", ReadOnly: false) }, Token);
        await volumes.Uses.MountAsync("fresh", "container/c1", Token);
        Assert.True(Directory.Exists(fixture["fresh"]));
    }

    static async Task MakeAnewAsync(VolumeStore volumes, VolumeFixture fixture)
    {
        await volumes.RemoveAsync("data", force: true, Token);
        await volumes.CreateAsync(new("data"), Token);
        Assert.Empty(Directory.GetFileSystemEntries(fixture["data"]));
    }

    static Task<string> ReadAsync(VolumeFixture fixture, string volume) => File.ReadAllTextAsync(Path.Combine(fixture[volume], "file"), Token);
}
