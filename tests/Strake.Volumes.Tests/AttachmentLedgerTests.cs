using Strake.Linux;

namespace Strake.Volumes.Tests;

/// <summary>What the ledger says of mounts, and what is mounted.</summary>
public sealed class AttachmentLedgerTests : IAsyncLifetime
{
    const string Holder = "container/one";

    static readonly Dictionary<string, string> s_tmpfs = new() { ["type"] = "tmpfs", ["device"] = "tmpfs", ["o"] = "size=1m" };

    readonly VolumeFixture fixture = new();
    VolumeStore volumes = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    bool IsMounted => MountTable.IsMountPoint(fixture["vol"]);

    public async ValueTask InitializeAsync()
    {
        volumes = await fixture.OpenAsync();
        await volumes.CreateAsync(new("vol") { DriverOptions = s_tmpfs, Attachment = new Attachment(Holder, "/v", ReadOnly: true) }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        Syscall.TryUnmount(fixture["vol"], UnmountFlags.Detach);
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task A_use_says_whether_it_is_mounted_and_since_when_it_is_a_use()
    {
        VolumeUse before = await UseAsync();
        Assert.False(before.Mounted);
        await volumes.Uses.MountAsync("vol", Holder, Token);
        Assert.Equal(before with { Mounted = true }, await UseAsync());
        await volumes.Uses.UnmountAsync("vol", Holder, Token);
        Assert.Equal(before, await UseAsync());
        Assert.False(IsMounted);
    }

    [Fact]
    public async Task A_mount_and_its_end_are_told_with_Dockers_attributes()
    {
        fixture.Events.Clear();
        await volumes.Uses.MountAsync("vol", Holder, Token);
        await volumes.Uses.UnmountAsync("vol", Holder, Token);
        Assert.Equal(
            ["mount container=one destination=/v driver=local propagation= read/write=false", "unmount container=one driver=local"],
            fixture.Events.Select(static told => $"{told.Action} {string.Join(' ', told.Attributes.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key}={pair.Value}"))}"));
    }

    [Fact]
    public async Task What_cannot_be_mounted_is_not_mounted_for_anybody()
    {
        await volumes.CreateAsync(
            new("bad") { DriverOptions = new Dictionary<string, string>(s_tmpfs) { ["o"] = "size=bogus" }, Attachment = new Attachment(Holder, "/v", false) }, Token);
        await Assert.ThrowsAsync<StrakeException>(() => volumes.Uses.MountAsync("bad", Holder, Token));
        Assert.False(Assert.Single(await volumes.Uses.OfAsync("bad", Token)).Mounted);
    }

    [Fact]
    public async Task After_a_restart_who_runs_keeps_the_mount_and_the_last_of_them_ends_it()
    {
        await volumes.Uses.AttachAsync("vol", new Attachment("container/two", "/w", false), Token);
        await volumes.Uses.MountAsync("vol", Holder, Token);
        await volumes.Uses.MountAsync("vol", "container/two", Token);

        volumes = await fixture.OpenAsync();
        var all = new HashSet<string> { Holder, "container/two" };
        await volumes.ReconcileAsync(all, new HashSet<string> { Holder }, Token);
        Assert.True(IsMounted);
        Assert.Equal([true, false], (await volumes.Uses.OfAsync("vol", Token)).Select(static use => use.Mounted));
        Assert.Empty(await volumes.CheckAsync(all, Token));

        await volumes.Uses.UnmountAsync("vol", Holder, Token);
        Assert.False(IsMounted);
    }

    [Fact]
    public async Task What_a_dead_machine_had_mounted_is_mounted_for_nobody()
    {
        await volumes.Uses.MountAsync("vol", Holder, Token);
        Syscall.Unmount(fixture["vol"]);
        Assert.Contains(await volumes.CheckAsync(new HashSet<string> { Holder }, Token), finding => finding.Contains("and it is not", StringComparison.Ordinal));

        volumes = await fixture.OpenAsync();
        Assert.False((await UseAsync()).Mounted);
    }

    [Fact]
    public async Task What_is_mounted_for_nobody_is_unmounted()
    {
        new Mount("tmpfs", "tmpfs", fixture["vol"]).Attach().Release();
        Assert.Contains(await volumes.CheckAsync(new HashSet<string> { Holder }, Token), finding => finding.Contains("nobody is recorded", StringComparison.Ordinal));

        volumes = await fixture.OpenAsync();
        Assert.False(IsMounted);
    }

    [Fact]
    public async Task A_volume_whose_record_is_lost_is_found_again_as_what_it_was()
    {
        await using var emptied = new MemoryStateStore();
        VolumeStore again = await fixture.OpenAsync(emptied);
        Assert.Equal(s_tmpfs, (await again.FindAsync("vol", Token))!.Options);
    }

    [Fact]
    public async Task A_new_size_is_recorded_and_one_that_is_refused_is_not()
    {
        await volumes.CreateAsync(new("sized") { DriverOptions = new Dictionary<string, string> { ["size"] = "10m", ["backend"] = "image" } }, Token);
        Assert.Equal("20m", (await volumes.ResizeAsync("sized", "20m", Token)).Options["size"]);
        await Assert.ThrowsAsync<StrakeException>(() => volumes.ResizeAsync("sized", "12q", Token));
        Assert.Equal("20m", (await volumes.FindAsync("sized", Token))!.Options["size"]);
        await Assert.ThrowsAsync<StrakeException>(() => volumes.ResizeAsync("vol", "10m", Token));
        await volumes.RemoveAsync("sized", force: false, Token);
    }

    async Task<VolumeUse> UseAsync() => Assert.Single(await volumes.Uses.OfAsync("vol", Token));
}
