namespace Strake.Volumes.Tests.Plugin;

/// <summary>The engine is killed at every write of a plugin's volume; after a restart nothing is mounted twice, nothing is lost.</summary>
public sealed class PluginRecoveryTests
{
    static readonly Attachment Use = new("container/c1", "/data", ReadOnly: false);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_write_nothing_is_mounted_twice_and_nothing_is_lost(bool applied)
    {
        bool died = true;
        for (int write = 1; died; write++)
        {
            await using var fixture = new PluginFixture();
            await using FakePlugin plugin = fixture.Start("fake");
            var dying = new DyingStateStore(fixture.State, write, applied);
            died = await DiesAsync(await fixture.OpenAsync(dying));

            VolumeStore volumes = await fixture.OpenAsync();
            await volumes.ReconcileAsync(new HashSet<string> { Use.Holder }, new HashSet<string> { Use.Holder }, Token);
            Assert.Empty(await volumes.SettleSharedAsync(Token));
            // As the engine does for a container that was about to start.
            await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
            Assert.All(plugin.Volumes.Values, Assert.Empty);
            await volumes.CreateAsync(new("data") { Driver = "fake", Attachment = Use }, Token);
            await volumes.Uses.MountAsync("data", Use.Holder, Token);
            Assert.Single(plugin.Volumes["data"]);
            await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
            Assert.Empty(await fixture.State.RangeAsync("volume-mount/", Token));
            Assert.DoesNotContain("VolumeDriver.Remove", plugin.Calls);
        }
    }

    [Fact]
    public async Task A_plugin_that_hangs_does_not_hold_up_the_start()
    {
        await using var fixture = new PluginFixture();
        await using FakePlugin plugin = fixture.Start("fake");
        VolumeStore before = await fixture.OpenAsync();
        await before.SettleSharedAsync(Token);
        await before.CreateAsync(new("data") { Driver = "fake", Attachment = Use }, Token);
        await before.Uses.MountAsync("data", Use.Holder, Token);
        var never = new TaskCompletionSource<string?>();
        plugin.Answer = (_, _) => never.Task;

        long begun = System.Diagnostics.Stopwatch.GetTimestamp();
        VolumeStore volumes = await fixture.OpenAsync();
        await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
        await volumes.ReconcileAsync(new HashSet<string>(), new HashSet<string>(), Token);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(1));
        Assert.Single(plugin.Volumes["data"]);
        never.SetResult(null);
    }

    static async Task<bool> DiesAsync(VolumeStore volumes)
    {
        try
        {
            await volumes.SettleSharedAsync(Token);
            await volumes.CreateAsync(new("data") { Driver = "fake", Attachment = Use }, Token);
            await volumes.Uses.MountAsync("data", Use.Holder, Token);
            await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
            await volumes.Uses.MountAsync("data", Use.Holder, Token);
            return false;
        }
        catch (DyingStateStore.DiedException)
        {
            return true;
        }
    }
}
