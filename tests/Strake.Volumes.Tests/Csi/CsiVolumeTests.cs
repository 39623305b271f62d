using Strake.Csi;
using Strake.Grpc;
using Strake.Linux;
using AccessModes = Strake.Csi.VolumeCapability.Types.AccessMode.Types.Mode;
using ControllerCall = Strake.Csi.ControllerServiceCapability.Types.RPC.Types.Type;
using NodeCall = Strake.Csi.NodeServiceCapability.Types.RPC.Types.Type;

namespace Strake.Volumes.Tests.Csi;

/// <summary>A CSI driver's volumes through the store.</summary>
public sealed class CsiVolumeTests : IAsyncLifetime
{
    static readonly Attachment Use = new("container/c1", "/data", ReadOnly: false);
    static readonly Attachment Other = new("container/c2", "/data", ReadOnly: false);

    readonly CsiFixture fixture = new();
    FakeCsiDriver driver = null!;
    VolumeStore volumes = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        driver = await fixture.StartAsync();
        volumes = await fixture.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await fixture.DisposeAsync();
        await driver.DisposeAsync();
    }

    [Fact]
    public async Task A_volume_is_made_mounted_written_and_removed()
    {
        await CreateAsync("data", ("size", "1m"), ("fstype", "xfs"), ("tier", "fast"));
        FakeCsiVolume made = Assert.Single(fixture.Storage.Volumes).Value;
        Assert.Equal(1 << 20, made.Capacity);
        Assert.Equal("fast", Assert.Single(made.Parameters).Value);
        Assert.StartsWith("strake-", made.Name, StringComparison.Ordinal);
        Assert.Equal(("xfs", "here"), (driver.LastCreate!.VolumeCapabilities[0].Mount.FsType, driver.LastCreate.AccessibilityRequirements.Requisite[0].Segments["zone"]));

        string path = await MountAsync("data", Use);
        Assert.StartsWith(fixture.Root, path, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "kept", Token);
        Assert.Equal(path, await MountAsync("data", Other));
        await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
        Assert.Single(made.Published);
        await volumes.Uses.UnmountAsync("data", Other.Holder, Token);
        Assert.Equal((0, null, false), (made.Published.Count, made.Staged, made.Attached));
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));

        Assert.Equal("kept", await File.ReadAllTextAsync(Path.Combine(await MountAsync("data", Use), "file"), Token));
        await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
        await DetachAsync("data", Use, Other);
        await volumes.RemoveAsync("data", force: false, Token);
        Assert.Empty(fixture.Storage.Volumes);
        Assert.Empty(fixture.Storage.Mistakes);
        Assert.Empty(await fixture.State.RangeAsync("csi-volume/", Token));
        Assert.Empty(await volumes.CheckAsync(new HashSet<string>(), Token));
    }

    [Fact]
    public async Task Snapshot_rollback_and_clone_have_the_content_of_their_moment()
    {
        await CreateAsync("data");
        await WriteAsync("data", "old");
        Assert.Equal("before", (await volumes.Copies.SnapshotAsync("data", "before", new HashSet<string>(), Token)).Name.ToString());
        await WriteAsync("data", "new");

        await volumes.Copies.CloneAsync(new("data", "before", "from-snapshot"), new HashSet<string>(), Token);
        await volumes.CreateAsync(new("from-volume") { Driver = CsiFixture.Driver, DriverOptions = new Dictionary<string, string> { ["clone"] = "data" } }, Token);
        Assert.Equal(("old", "new"), (await ReadAsync("from-snapshot"), await ReadAsync("from-volume")));

        await volumes.Copies.RollBackAsync("data", "before", Token);
        Assert.Equal("old", await ReadAsync("data"));
        // The one that was replaced goes.
        await CsiFixture.UntilAsync(() => fixture.Storage.Volumes.Count == 3, "the replaced volume is removed");
        Assert.Single(await volumes.Copies.ListAsync("data", Token));
        await volumes.Copies.RemoveAsync("data", "before", Token);
        Assert.Empty(fixture.Storage.Snapshots);
        await volumes.RenameAsync("data", "renamed", Token);
        Assert.Equal("old", await ReadAsync("renamed"));
        Assert.Empty(fixture.Storage.Mistakes);
    }

    [Fact]
    public async Task A_snapshot_goes_with_its_volume()
    {
        await CreateAsync("data");
        await volumes.Copies.SnapshotAsync("data", "before", new HashSet<string>(), Token);
        await volumes.RemoveAsync("data", force: false, Token);
        Assert.Equal((0, 0), (fixture.Storage.Volumes.Count, fixture.Storage.Snapshots.Count));
    }

    [Fact]
    public async Task A_volume_grows_on_both_sides_and_never_shrinks()
    {
        await CreateAsync("data", ("size", "1m"));
        await volumes.ResizeAsync("data", "2m", Token);
        FakeCsiVolume made = fixture.Storage.Volumes.Values.Single();
        // Not on the node: its file system grows when it comes.
        Assert.Equal((2L << 20, false), (made.Capacity, made.IsExpandedOnNode));
        await MountAsync("data", Use);
        Assert.True(made.IsExpandedOnNode);
        Assert.Equal("3m", (await volumes.ResizeAsync("data", "3m", Token)).Options["size"]);
        Assert.Equal((3L << 20, true), (made.Capacity, made.IsExpandedOnNode));
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => volumes.ResizeAsync("data", "1m", Token));
        Assert.StartsWith("resize data: it has ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("cannot shrink", refused.Message, StringComparison.Ordinal);
        VolumeSpace space = (await volumes.Measures.SpaceOfAsync("data", Token))!;
        Assert.Equal(new VolumeSpace(17, 3L << 20, 3, 100, CsiFixture.Driver), space);
    }

    [Fact]
    public async Task Parameters_change_and_several_volumes_are_snapshot_at_one_moment()
    {
        await CreateAsync("one", ("mutable.iops", "10"));
        await CreateAsync("two");
        await volumes.ModifyAsync("one", new Dictionary<string, string> { ["iops"] = "20" }, Token);
        Assert.Equal("20", (await volumes.FindAsync("one", Token))!.Options["mutable.iops"]);
        Assert.Contains(fixture.Storage.Volumes.Values, static volume => volume.Mutable.GetValueOrDefault("iops") == "20");
        await volumes.Copies.SnapshotGroupAsync(["two", "one"], "both", Token);
        Assert.Equal(2, fixture.Storage.Snapshots.Count);
        Assert.Single(await volumes.Copies.ListAsync("two", Token));
        await volumes.Copies.RemoveAsync("one", "both", Token);
        Assert.Equal(2, fixture.Storage.Snapshots.Count);
        await volumes.RemoveAsync("two", force: false, Token);
        Assert.Empty(fixture.Storage.Snapshots);
    }

    [Theory]
    [InlineData("RWO", AccessModes.SingleNodeWriter)]
    [InlineData("ROX", AccessModes.MultiNodeReaderOnly)]
    [InlineData("RWX", AccessModes.MultiNodeMultiWriter)]
    [InlineData("RWOP", AccessModes.SingleNodeWriter)]
    public async Task Access_is_told_in_the_interfaces_words(string access, AccessModes mode)
    {
        await CreateAsync("data", ("access", access));
        Assert.Equal(mode, driver.LastCreate!.VolumeCapabilities[0].AccessMode.Mode);
    }

    [Fact]
    public async Task A_volume_for_one_user_is_refused_to_a_second()
    {
        await CreateAsync("data", ("access", "RWOP"));
        await MountAsync("data", Use);
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => MountAsync("data", Other));
        Assert.Equal(ErrorKind.InUse, refused.Kind);
        Assert.Contains(Use.Holder, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_made_elsewhere_is_used_and_left()
    {
        fixture.Storage.Volumes["old"] = new FakeCsiVolume { Name = "old" };
        await Assert.ThrowsAsync<StrakeException>(() => CreateAsync("none", ("volume-id", "none")));
        await Assert.ThrowsAsync<StrakeException>(() => CreateAsync("wide", ("volume-id", "old"), ("access", "RWX")));
        await CreateAsync("data", ("volume-id", "old"), ("context.made", "by-fake"));
        await WriteAsync("data", "kept");
        await volumes.RemoveAsync("data", force: false, Token);
        Assert.Equal("old", Assert.Single(fixture.Storage.Volumes).Key);
        Assert.DoesNotContain("DeleteVolume", driver.Calls);
        Assert.Empty(fixture.Storage.Mistakes);
    }

    [Fact]
    public async Task Secrets_reach_the_driver_and_nobody_else()
    {
        string file = fixture.File("secrets", "password=s3cr3t\n# a comment\n");
        StrakeException open = await Assert.ThrowsAsync<StrakeException>(() => CreateAsync("data", ("secrets", file)));
        Assert.Equal(ErrorKind.PermissionDenied, open.Kind);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await CreateAsync("data", ("secrets", file));
        Assert.Equal("s3cr3t", driver.LastCreate!.Secrets["password"]);
        foreach (string prefix in (string[])["volume/", "csi-volume/"])
        {
            foreach (StateEntry entry in await fixture.State.RangeAsync(prefix, Token))
                Assert.DoesNotContain("s3cr3t", System.Text.Encoding.UTF8.GetString(entry.Value.Span), StringComparison.Ordinal);
        }

        driver.Before = static (method, _) => method == "NodeStageVolume" ? throw FakeCsiDriver.Error(GrpcStatusCode.PermissionDenied, "wrong password s3cr3t") : Task.CompletedTask;
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => MountAsync("data", Use));
        Assert.Contains("NodeStageVolume: PERMISSION_DENIED: wrong password ********", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_final_error_is_told_with_the_drivers_text_and_code_and_leaves_nothing()
    {
        driver.Room = 1 << 20;
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => CreateAsync("data", ("size", "1g")));
        Assert.Equal(
            "create data: CSI driver \"fake.csi.example\": CreateVolume: OUT_OF_RANGE: too large (GetCapacity: 1048576 bytes are left)", refused.Message);
        Assert.Null(await volumes.FindAsync("data", Token));
        Assert.Empty(await fixture.State.RangeAsync("csi-volume/", Token));
        Assert.Single(driver.Calls, "CreateVolume");
    }

    [Fact]
    public async Task Busy_and_slow_drivers_are_asked_again_by_the_same_name()
    {
        driver.Before = static (method, number) => (method, number) switch
        {
            ("CreateVolume", 1) => throw FakeCsiDriver.Error(GrpcStatusCode.Aborted, "an operation is pending"),
            ("NodePublishVolume", 1) => throw FakeCsiDriver.Error(GrpcStatusCode.Unavailable, "not now"),
            _ => Task.CompletedTask,
        };
        // Done, and the answer is lost.
        driver.After = static (method, number) => (method, number) switch
        {
            ("CreateVolume", 2) => throw FakeCsiDriver.Error(GrpcStatusCode.DeadlineExceeded, "lost"),
            _ => Task.CompletedTask,
        };
        await CreateAsync("data");
        Assert.Single(fixture.Storage.Volumes);
        await MountAsync("data", Use);
        Assert.Equal(3, driver.Calls.Count(static call => call == "CreateVolume"));
        Assert.Empty(fixture.Storage.Mistakes);
    }

    [Fact]
    public async Task What_may_have_been_made_is_removed_when_that_can_be_told()
    {
        bool isFull = true;
        driver.After = (method, _) => method == "CreateVolume" && isFull ? throw FakeCsiDriver.Error(GrpcStatusCode.ResourceExhausted, "perhaps") : Task.CompletedTask;
        await Assert.ThrowsAsync<StrakeException>(() => CreateAsync("data"));
        Assert.Null(await volumes.FindAsync("data", Token));
        isFull = false;
        await volumes.SettleSharedAsync(Token);
        await CsiFixture.UntilAsync(() => fixture.Storage.Volumes.Count == 0, "the volume that nobody has is removed");
        Assert.Empty(await fixture.State.RangeAsync("csi-volume/", Token));
    }

    [Fact]
    public async Task A_driver_that_says_it_mounted_and_did_not_is_not_believed()
    {
        await CreateAsync("data");
        driver.MountsNothing = true;
        StrakeException lie = await Assert.ThrowsAsync<StrakeException>(() => MountAsync("data", Use));
        Assert.Contains("nothing is mounted at", lie.Message, StringComparison.Ordinal);
        driver.MountsNothing = false;
        await MountAsync("data", Use);
        Assert.Empty(fixture.Storage.Mistakes);
    }

    [Fact]
    public async Task What_lies_beside_a_volume_is_never_removed()
    {
        await CreateAsync("data");
        string path = await MountAsync("data", Use);
        // The driver forgets a mount, and somebody puts a file where nothing is mounted.
        fixture.Storage.Volumes.Values.Single().Published.Clear();
        fixture.Storage.Unbind(path);
        await File.WriteAllTextAsync(Path.Combine(path, "precious"), "x", Token);
        driver.Before = static (method, _) => method == "NodeUnpublishVolume" ? throw FakeCsiDriver.Error(GrpcStatusCode.NotFound, "never heard of") : Task.CompletedTask;
        await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
        Assert.True(File.Exists(Path.Combine(path, "precious")));
        await DetachAsync("data", Use);
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => volumes.RemoveAsync("data", force: false, Token));
        Assert.Contains("is not empty", refused.Message, StringComparison.Ordinal);
        Assert.Single(fixture.Storage.Volumes);
    }

    [Fact]
    public async Task A_driver_without_stage_and_attach_gets_neither()
    {
        driver.Controller.Remove(ControllerCall.PublishUnpublishVolume);
        driver.OnNode.Remove(NodeCall.StageUnstageVolume);
        await CreateAsync("data");
        await WriteAsync("data", "x");
        Assert.DoesNotContain(driver.Calls, static call => call is "NodeStageVolume" or "NodeUnstageVolume" or "ControllerPublishVolume" or "ControllerUnpublishVolume");
        Assert.Equal("x", await ReadAsync("data"));
    }

    [Fact]
    public async Task A_driver_that_hangs_blocks_no_other_volume_and_no_list()
    {
        await CreateAsync("data");
        await MountAsync("data", Use);
        await volumes.CreateAsync(new("mine") { Driver = "local" }, Token);
        var never = new TaskCompletionSource();
        driver.Before = (_, _) => never.Task;
        Task stuck = volumes.ResizeAsync("data", "1g", Token);

        long begun = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.Equal(["data", "mine"], (await volumes.ListAllAsync(Token)).Volumes.Select(static volume => volume.Name));
        await volumes.Measures.AllAsync(Token);
        await volumes.Measures.AllAsync(Token);
        Assert.NotNull(await volumes.InspectAsync("data", Token));
        await volumes.RemoveAsync("mine", force: false, Token);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(5));
        never.SetResult();
        await stuck;
    }

    [Fact]
    public async Task Who_insists_is_rid_of_a_volume_and_its_driver_of_it_later()
    {
        await CreateAsync("data");
        bool isBroken = true;
        driver.Before = (method, _) => method == "DeleteVolume" && isBroken ? throw FakeCsiDriver.Error(GrpcStatusCode.Internal, "broken") : Task.CompletedTask;
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => volumes.RemoveAsync("data", force: false, Token));
        Assert.Contains("DeleteVolume: INTERNAL: broken", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await volumes.FindAsync("data", Token));
        await volumes.RemoveAsync("data", force: true, Token);
        Assert.Null(await volumes.FindAsync("data", Token));
        await CsiFixture.UntilAsync(async () => (await volumes.CheckAsync(new HashSet<string>(), Token)).Count == 1, "what is left there is told of");
        Assert.Contains("broken", (await volumes.CheckAsync(new HashSet<string>(), Token))[0], StringComparison.Ordinal);
        isBroken = false;
        await volumes.SettleSharedAsync(Token);
        Assert.Empty(fixture.Storage.Volumes);
    }

    [Fact]
    public async Task What_the_driver_has_lost_is_found()
    {
        foreach (string name in (string[])["one", "two", "three"])
            await CreateAsync(name);
        Assert.Empty(await volumes.CheckAsync(new HashSet<string>(), Token));
        fixture.Storage.Volumes.Remove(fixture.Storage.Volumes.Keys.First());
        Assert.Contains("volume one: its driver fake.csi.example has it no more", Assert.Single(await volumes.CheckAsync(new HashSet<string>(), Token)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("size", "x", "invalid size")]
    [InlineData("mode", "tape", "is not block or mount")]
    [InlineData("access", "RWXX", "is not RWO")]
    [InlineData("secrets", "relative", "is not the absolute path")]
    [InlineData("context.a", "b", "belong to")]
    public async Task Wrong_options_are_named(string option, string value, string words)
    {
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => CreateAsync("data", (option, value)));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CreateVolume", driver.Calls);
    }

    Task CreateAsync(string name, params (string Name, string Value)[] options) => volumes.CreateAsync(
        new(name) { Driver = CsiFixture.Driver, DriverOptions = options.ToDictionary(static option => option.Name, static option => option.Value) }, Token);

    async Task<string> MountAsync(string name, Attachment use)
    {
        await volumes.Uses.AttachAsync(name, use, Token);
        return await volumes.Uses.MountAsync(name, use.Holder, Token);
    }

    async Task DetachAsync(string name, params Attachment[] uses)
    {
        foreach (Attachment use in uses)
            await volumes.Uses.DetachAsync(name, use.Holder, Token);
    }

    async Task WriteAsync(string name, string text)
    {
        await File.WriteAllTextAsync(Path.Combine(await MountAsync(name, Use), "file"), text, Token);
        await volumes.Uses.UnmountAsync(name, Use.Holder, Token);
        await DetachAsync(name, Use);
    }

    async Task<string> ReadAsync(string name)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(await MountAsync(name, Use), "file"), Token);
        await volumes.Uses.UnmountAsync(name, Use.Holder, Token);
        await DetachAsync(name, Use);
        return text;
    }
}
