using Strake.Linux;

namespace Strake.Volumes.Tests.Csi;

/// <summary>The engine is killed at every write of a CSI volume's life; after a restart the driver has what the engine knows, and nothing is on the node.</summary>
public sealed class CsiRecoveryTests
{
    static readonly Attachment Use = new("container/c1", "/data", ReadOnly: false);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_write_nothing_is_leaked_and_nothing_is_lost(bool applied)
    {
        bool died = true;
        int write = 0;
        while (died)
        {
            await using var fixture = new CsiFixture();
            await using FakeCsiDriver driver = await fixture.StartAsync();
            died = await DiesAsync(await fixture.OpenAsync(new DyingStateStore(fixture.State, ++write, applied), settles: false));

            VolumeStore volumes = await fixture.OpenAsync(settles: false);
            var holders = new HashSet<string> { Use.Holder };
            await volumes.ReconcileAsync(holders, new HashSet<string>(), Token);
            Assert.Empty(await SettleAsync(volumes));
            Assert.Empty(fixture.Storage.Mistakes);
            Assert.All(fixture.Storage.Volumes.Values, static volume => Assert.Equal((0, null, false), (volume.Published.Count, volume.Staged, volume.Attached)));
            await CsiFixture.UntilAsync(async () => fixture.Storage.Volumes.Count == (await volumes.ListAsync(Token)).Count, $"driver and records agree, killed at {write}");
            Assert.Empty(await volumes.CheckAsync(holders, Token));
            Assert.Empty(MountTable.Below(fixture.Root));

            // And what its maker would do again works.
            await volumes.CreateAsync(new("data") { Driver = CsiFixture.Driver, Attachment = Use }, Token);
            await volumes.Uses.MountAsync("data", Use.Holder, Token);
            await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
            await volumes.Uses.DetachAsync("data", Use.Holder, Token);
            await volumes.RemoveAsync("data", force: false, Token);
            await volumes.RemoveAsync("copy", force: true, Token);
            await CsiFixture.UntilAsync(() => fixture.Storage.Volumes.Count == 0, "all are removed");
            Assert.Empty(fixture.Storage.Snapshots);
            Assert.Empty(fixture.Storage.Mistakes);
        }

        Assert.True(write > 40, $"{write} writes");
    }

    [Fact]
    public async Task After_the_machines_restart_a_volume_is_brought_to_the_node_anew()
    {
        await using var fixture = new CsiFixture();
        await using FakeCsiDriver driver = await fixture.StartAsync();
        VolumeStore volumes = await fixture.OpenAsync();
        await volumes.CreateAsync(new("data") { Driver = CsiFixture.Driver, Attachment = Use }, Token);
        string path = await volumes.Uses.MountAsync("data", Use.Holder, Token);
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "kept", Token);
        fixture.Storage.Dispose();

        volumes = await fixture.OpenAsync(settles: false);
        Assert.Equal("kept", await File.ReadAllTextAsync(Path.Combine(await volumes.Uses.MountAsync("data", Use.Holder, Token), "file"), Token));
    }

    [Fact]
    public async Task What_runs_on_keeps_its_volume_over_a_restart()
    {
        await using var fixture = new CsiFixture();
        await using FakeCsiDriver driver = await fixture.StartAsync();
        VolumeStore volumes = await fixture.OpenAsync();
        await volumes.CreateAsync(new("data") { Driver = CsiFixture.Driver, Attachment = Use }, Token);
        string path = await volumes.Uses.MountAsync("data", Use.Holder, Token);

        volumes = await fixture.OpenAsync(settles: false);
        var running = new HashSet<string> { Use.Holder };
        await volumes.ReconcileAsync(running, running, Token);
        Assert.Empty(await SettleAsync(volumes));
        Assert.True(MountTable.IsMountPoint(path));
        Assert.DoesNotContain("NodeUnpublishVolume", driver.Calls);
        await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
        Assert.False(MountTable.IsMountPoint(path));
    }

    [Fact]
    public async Task A_driver_that_is_away_holds_up_no_start_and_is_finished_with_when_it_comes()
    {
        await using var fixture = new CsiFixture();
        FakeCsiDriver driver = await fixture.StartAsync();
        VolumeStore volumes = await fixture.OpenAsync();
        await volumes.CreateAsync(new("data") { Driver = CsiFixture.Driver, Attachment = Use }, Token);
        await volumes.Uses.MountAsync("data", Use.Holder, Token);
        await driver.DisposeAsync();

        long begun = System.Diagnostics.Stopwatch.GetTimestamp();
        volumes = await fixture.OpenAsync(settles: false);
        await volumes.ReconcileAsync(new HashSet<string>(), new HashSet<string>(), Token);
        Assert.Equal("data", Assert.Single((await volumes.ListAllAsync(Token)).Volumes).Name);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(1.5));
        await volumes.SettleSharedAsync(Token);
        StrakeException away = await Assert.ThrowsAsync<StrakeException>(() => volumes.ResizeAsync("data", "1g", Token));
        Assert.Contains("the CSI driver \"fake.csi.example\" is not there", away.Message, StringComparison.Ordinal);

        await using FakeCsiDriver back = await fixture.StartAsync();
        await CsiFixture.UntilAsync(() => fixture.Storage.Volumes.Values.Single() is { Staged: null, Attached: false, Published.Count: 0 }, "the volume is off the node");
    }

    // The driver is there a moment after the store.
    static async Task<IReadOnlyList<string>> SettleAsync(VolumeStore volumes)
    {
        await volumes.CreateAsync(new("probe") { Driver = CsiFixture.Driver }, Token);
        IReadOnlyList<string> findings = await volumes.SettleSharedAsync(Token);
        await volumes.RemoveAsync("probe", force: false, Token);
        return findings;
    }

    static async Task<bool> DiesAsync(VolumeStore volumes)
    {
        try
        {
            await volumes.SettleSharedAsync(Token);
            await volumes.CreateAsync(new("data") { Driver = CsiFixture.Driver, Attachment = Use }, Token);
            await volumes.Uses.MountAsync("data", Use.Holder, Token);
            await volumes.ResizeAsync("data", "2m", Token);
            await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
            await volumes.Copies.SnapshotAsync("data", "before", new HashSet<string>(), Token);
            await volumes.Copies.CloneAsync(new("data", "before", "copy"), new HashSet<string>(), Token);
            await volumes.Copies.RollBackAsync("data", "before", Token);
            await volumes.Copies.RemoveAsync("data", "before", Token);
            await volumes.Uses.MountAsync("data", Use.Holder, Token);
            await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
            await volumes.Uses.DetachAsync("data", Use.Holder, Token);
            await volumes.RemoveAsync("data", force: false, Token);
            await volumes.RemoveAsync("copy", force: false, Token);
            return false;
        }
        catch (DyingStateStore.DiedException)
        {
            return true;
        }
    }
}
