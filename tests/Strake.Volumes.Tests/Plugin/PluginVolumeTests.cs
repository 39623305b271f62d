using System.Diagnostics;
using Strake.Linux;

namespace Strake.Volumes.Tests.Plugin;

public sealed class PluginVolumeTests : IAsyncLifetime
{
    static readonly Attachment Use = new("container/c1", "/data", ReadOnly: false);

    readonly PluginFixture fixture = new();
    FakePlugin plugin = null!;
    VolumeStore volumes = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        plugin = fixture.Start("fake");
        volumes = await fixture.OpenAsync();
        await volumes.SettleSharedAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await plugin.DisposeAsync();
        await fixture.DisposeAsync();
    }

    Task<Volume> CreateAsync(string name = "data") => volumes.CreateAsync(new(name) { Driver = "fake", Attachment = Use }, Token);

    [Fact]
    public async Task A_volume_is_made_mounted_and_removed_by_its_plugin()
    {
        plugin.Scope = "global";
        Volume made = await CreateAsync();
        string path = await volumes.Uses.MountAsync("data", Use.Holder, Token);
        Assert.Equal(plugin["data"], path);
        Assert.Single(plugin.Volumes["data"]);
        Volume? seen = await volumes.InspectAsync("data", Token);
        Assert.Equal(("fake", "global", path, 1), (seen!.Driver, seen.Scope, seen.Mountpoint, seen.Status!["Mounts"].GetInt32()));
        Assert.Equal(("data", "fake"), (made.Name, made.Driver));

        await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
        Assert.Empty(plugin.Volumes["data"]);
        await volumes.Uses.DetachAsync("data", Use.Holder, Token);
        await volumes.RemoveAsync("data", force: false, Token);
        Assert.Empty(plugin.Volumes);
        Assert.Empty((await fixture.State.RangeAsync("volume", Token)).Select(entry => entry.Key));
    }

    [Fact]
    public async Task Each_use_has_an_id_of_its_own()
    {
        await CreateAsync();
        await volumes.Uses.AttachAsync("data", Use with { Holder = "container/c2" }, Token);

        await volumes.Uses.MountAsync("data", "container/c1", Token);
        await volumes.Uses.MountAsync("data", "container/c2", Token);
        Assert.Equal(2, plugin.Volumes["data"].Count);
        await volumes.Uses.UnmountAsync("data", "container/c1", Token);
        Assert.Single(plugin.Volumes["data"]);
        await volumes.Uses.UnmountAsync("data", "container/c2", Token);
        Assert.Equal((0, 0), (plugin.Volumes["data"].Count, plugin.Mistakes));
    }

    [Fact]
    public async Task A_volume_that_the_plugin_has_already_is_taken_as_it_is()
    {
        plugin.Volumes["old"] = [];
        Directory.CreateDirectory(plugin["old"]);

        Assert.Equal("fake", (await volumes.CreateAsync(new("old") { Driver = "fake" }, Token)).Driver);
        Assert.DoesNotContain("VolumeDriver.Create", plugin.Calls);
        Assert.Equal("fake", (await volumes.CreateAsync(new("old"), Token)).Driver);
        Assert.Equal("local", (await volumes.CreateAsync(new("new"), Token)).Driver);
    }

    [Fact]
    public async Task What_only_a_plugin_knows_is_listed_and_inspected_and_removed()
    {
        plugin.Volumes["old"] = [];
        Directory.CreateDirectory(plugin["old"]);
        await volumes.CreateAsync(new("mine") { Driver = "local" }, Token);

        VolumeListing listing = await volumes.ListAllAsync(Token);
        Assert.Equal(["mine local", "old fake"], listing.Volumes.Select(volume => $"{volume.Name} {volume.Driver}"));
        Assert.Equal(plugin["old"], (await volumes.InspectAsync("old", Token))!.Mountpoint);
        await volumes.RemoveAsync("old", force: false, Token);
        Assert.Empty(plugin.Volumes);
    }

    [Fact]
    public async Task What_a_plugin_has_lost_is_replaced_only_by_who_says_so()
    {
        await volumes.CreateAsync(new("data") { Driver = "fake" }, Token);
        plugin.Volumes.Clear();

        StrakeException lost = await Assert.ThrowsAsync<StrakeException>(() => volumes.CreateAsync(new("data"), Token));
        Assert.Equal(ErrorKind.Conflict, lost.Kind);
        Assert.Contains("not found in its driver 'fake'", lost.Message, StringComparison.Ordinal);
        Assert.Equal("fake", (await volumes.CreateAsync(new("data") { Driver = "fake" }, Token)).Driver);
        Assert.True(plugin.Volumes.ContainsKey("data"));
    }

    [Fact]
    public async Task A_name_is_one_drivers_until_that_has_lost_it()
    {
        await volumes.CreateAsync(new("here") { Driver = "local" }, Token);
        await volumes.CreateAsync(new("there") { Driver = "fake" }, Token);
        Assert.Equal("create here: driver 'local' already has volume 'here': volume name must be unique", await RefusedAsync("here", "fake"));
        Assert.Equal("create there: driver 'fake' already has volume 'there': volume name must be unique", await RefusedAsync("there", "local"));
        plugin.Volumes.Clear();
        Assert.Equal("local", (await volumes.CreateAsync(new("there") { Driver = "local" }, Token)).Driver);
    }

    async Task<string> RefusedAsync(string name, string driver)
    {
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => volumes.CreateAsync(new(name) { Driver = driver }, Token));
        Assert.Equal(ErrorKind.Conflict, refused.Kind);
        return refused.Message;
    }

    [Fact]
    public async Task Pruning_leaves_what_plugins_have()
    {
        await volumes.CreateAsync(new("kept") { Driver = "fake" }, Token);
        await volumes.CreateAsync(new("gone") { Driver = "local" }, Token);

        Assert.Equal(["gone"], (await volumes.PruneAsync(_ => true, Token)).Deleted);
        Assert.True(plugin.Volumes.ContainsKey("kept"));
    }

    [Fact]
    public async Task An_unknown_plugin_is_not_found()
    {
        StrakeException missing = await Assert.ThrowsAsync<StrakeException>(() => volumes.CreateAsync(new("data") { Driver = "nosuch" }, Token));
        Assert.Equal(ErrorKind.NotFound, missing.Kind);
        Assert.Contains("plugin \"nosuch\" not found", missing.Message, StringComparison.Ordinal);
        Assert.Null(await volumes.FindAsync("data", Token));
    }

    [Fact]
    public async Task A_failed_creation_leaves_no_record_and_removes_nothing()
    {
        plugin.Answer = static (method, _) => Task.FromResult(method == "VolumeDriver.Create" ? """{"Err":"no such region"}""" : null);

        StrakeException failed = await Assert.ThrowsAsync<StrakeException>(() => CreateAsync());
        Assert.Equal((ErrorKind.Internal, "create data: plugin \"fake\": VolumeDriver.Create: no such region"), (failed.Kind, failed.Message));
        Assert.Null(await volumes.FindAsync("data", Token));
        Assert.DoesNotContain("VolumeDriver.Remove", plugin.Calls);
    }

    public static TheoryData<string, string> Lies { get; } = new()
    {
        { """{"Mountpoint":"relative/path"}""", "is not an absolute path" },
        { """{"Mountpoint":""}""", "is not an absolute path" },
        { """{}""", "is not an absolute path" },
        { """{"Mountpoint":"/"}""", "is no path of a volume's content" },
        { """{"Mountpoint":"/tmp/../etc"}""", "is no path of a volume's content" },
        { """{"Mountpoint":"/no/such/folder"}""", "cannot be used" },
        { """{"Mountpoint":"/etc/passwd"}""", "cannot be used" },
        { """{"Mountpoint":7}""", "not what the protocol says" },
        { """["/tmp"]""", "not what the protocol says" },
        { "null", "the answer is null" },
        { "<html>", "not what the protocol says" },
        { "", "not what the protocol says" },
        { "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nendless", "the answer is longer than" },
        { "HTTP/1.1 500 Oops\r\nContent-Length: 16\r\nConnection: close\r\n\r\n{\"Err\":\"broken\"}", "VolumeDriver.Mount: broken" },
        { "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\nConnection: close\r\n\r\nugly", "VolumeDriver.Mount: ugly" },
        { "not http at all\r\n\r\n", "VolumeDriver.Mount" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lie_is_told_with_the_plugins_name_and_leaves_nothing_mounted(string lie, string said)
    {
        await CreateAsync();
        plugin.Answer = (method, _) => Task.FromResult(method == "VolumeDriver.Mount" ? lie : null);

        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => volumes.Uses.MountAsync("data", Use.Holder, Token));
        Assert.Equal(ErrorKind.Internal, refused.Kind);
        Assert.Contains("error while mounting volume", refused.Message, StringComparison.Ordinal);
        Assert.Contains("plugin \"fake\"", refused.Message, StringComparison.Ordinal);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Contains("VolumeDriver.Unmount", plugin.Calls);
        Assert.Empty(await fixture.State.RangeAsync("volume-mount/", Token));

        plugin.Answer = static (_, _) => Task.FromResult<string?>(null);
        Assert.Equal(plugin["data"], await volumes.Uses.MountAsync("data", Use.Holder, Token));
    }

    [Fact]
    public async Task A_plugin_that_hangs_holds_up_neither_the_list_nor_other_volumes()
    {
        await CreateAsync();
        Assert.Single((await volumes.ListAllAsync(Token)).Volumes);
        var never = new TaskCompletionSource<string?>();
        plugin.Answer = (_, _) => never.Task;
        await using FakePlugin other = fixture.Start("other");

        VolumeListing first = await volumes.ListAllAsync(Token);
        Assert.Equal(["data"], first.Volumes.Select(volume => volume.Name));
        Assert.Contains("\"fake\"", Assert.Single(first.Warnings), StringComparison.Ordinal);
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < 20; i++)
            Assert.Single((await volumes.ListAllAsync(Token)).Volumes);
        // It was asked once, and cost a second once.
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(1));
        Assert.Equal("other", (await volumes.CreateAsync(new("second") { Driver = "other" }, Token)).Driver);
        Assert.Equal("local", (await volumes.CreateAsync(new("third"), Token)).Driver);

        never.SetResult(null);
        while ((await volumes.ListAllAsync(Token)).Warnings.Count > 0)
            await Task.Yield();
    }

    [Fact]
    public async Task The_end_of_a_mount_waits_for_no_dead_plugin_and_is_told_when_it_is_back()
    {
        await CreateAsync();
        await volumes.Uses.MountAsync("data", Use.Holder, Token);
        string first = Assert.Single(plugin.Volumes["data"]);
        await plugin.DisposeAsync();

        await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
        Assert.Single(await fixture.State.RangeAsync("volume-mount/data/", Token));
        plugin = fixture.Start("fake", plugin);
        await volumes.Uses.MountAsync("data", Use.Holder, Token);
        Assert.NotEqual(first, Assert.Single(plugin.Volumes["data"]));
        Assert.Equal(0, plugin.Mistakes);
    }

    [Fact]
    public async Task A_volume_of_a_plugin_that_is_gone_goes_by_force_only()
    {
        await volumes.CreateAsync(new("data") { Driver = "fake" }, Token);
        plugin.Answer = static (method, _) => Task.FromResult(method == "VolumeDriver.Remove" ? """{"Err":"cannot"}""" : null);

        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => volumes.RemoveAsync("data", force: false, Token));
        Assert.Equal("remove data: plugin \"fake\": VolumeDriver.Remove: cannot", refused.Message);
        await volumes.Uses.MountAsync("data", Use.Holder, Token);
        await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
        await volumes.RemoveAsync("data", force: true, Token);
        Assert.Null(await volumes.FindAsync("data", Token));
    }

    [Fact]
    public async Task A_plugin_comes_up_while_it_is_waited_for()
    {
        await plugin.DisposeAsync();
        Directory.CreateDirectory(fixture.Specifications);
        string late = Path.Combine(fixture.Sockets, "late-socket");
        await File.WriteAllTextAsync(Path.Combine(fixture.Specifications, "late.spec"), $"unix://{late}\n", Token);
        Task<Volume> creating = volumes.CreateAsync(new("data") { Driver = "late" }, Token);
        plugin = new FakePlugin(late, Path.Combine(fixture.Sockets, "late-data"));

        Assert.Equal("late", (await creating).Driver);
    }

    [Fact]
    public async Task An_image_is_copied_in_once()
    {
        await CreateAsync();
        string source = Directory.CreateDirectory(Path.Combine(fixture.Sockets, "source")).FullName;
        await File.WriteAllTextAsync(Path.Combine(source, "file"), "content", Token);
        using var directory = Syscall.Open(source, OpenFlags.Directory);

        Assert.True(await volumes.Uses.FillAsync("data", directory, Token));
        Assert.False(await volumes.Uses.FillAsync("data", directory, Token));
        Assert.Equal(["file"], Directory.EnumerateFileSystemEntries(plugin["data"]).Select(Path.GetFileName));
        Assert.Empty(plugin.Volumes["data"]);
    }
}
