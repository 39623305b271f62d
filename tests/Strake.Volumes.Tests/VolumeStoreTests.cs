using Strake.Linux;

namespace Strake.Volumes.Tests;

public sealed class VolumeStoreTests : IAsyncLifetime
{
    static readonly Attachment Use = new("container/c1", "/data", ReadOnly: false);

    readonly VolumeFixture fixture = new();
    VolumeStore volumes = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => volumes = await fixture.OpenAsync();

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task Creating_a_volume_twice_finds_the_first()
    {
        Volume first = await volumes.CreateAsync(new("data") { Labels = new Dictionary<string, string> { ["a"] = "b" } }, Token);
        Volume second = await volumes.CreateAsync(new("data"), Token);

        Assert.Equal(fixture["data"], first.Mountpoint);
        Assert.True(Directory.Exists(first.Mountpoint));
        Assert.Equal(first.CreatedAt, second.CreatedAt);
        Assert.Equal("b", second.Labels["a"]);
        Assert.Equal(["create"], fixture.Events.Select(e => e.Action));
    }

    [Fact]
    public async Task Many_creations_of_one_name_at_once_make_one_volume()
    {
        Volume[] made = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => volumes.CreateAsync(new("data"), Token)));

        Assert.Single(made.Select(volume => volume.CreatedAt).Distinct());
        Assert.Single(await volumes.ListAsync(Token));
    }

    [Fact]
    public async Task A_volume_without_a_name_is_anonymous()
    {
        Volume volume = await volumes.CreateAsync(new(Name: null), Token);

        Assert.True(volume.IsAnonymous);
        Assert.Matches("^[0-9a-f]{64}$", volume.Name);
    }

    [Fact]
    public async Task A_volume_in_use_is_not_removed_and_its_user_is_named()
    {
        await volumes.CreateAsync(new("data") { Attachment = Use }, Token);

        StrakeException refusal = await Assert.ThrowsAsync<StrakeException>(() => volumes.RemoveAsync("data", force: true, Token));

        Assert.Equal((ErrorKind.InUse, "remove data: volume is in use - [c1]"), (refusal.Kind, refusal.Message));
        Assert.True(Directory.Exists(fixture["data"]));
    }

    [Fact]
    public async Task A_volume_goes_with_its_content_once_its_last_user_has_left()
    {
        await volumes.CreateAsync(new("data") { Attachment = Use }, Token);
        await volumes.Uses.AttachAsync("data", new("container/c2", "/x", ReadOnly: true), Token);
        await File.WriteAllTextAsync(Path.Combine(fixture["data"], "file"), "content", Token);

        await volumes.Uses.DetachAsync("data", "container/c1", Token);
        await Assert.ThrowsAsync<StrakeException>(() => volumes.RemoveAsync("data", force: false, Token));
        await volumes.Uses.DetachAsync("data", "container/c2", Token);
        await volumes.Uses.DetachAsync("data", "container/c2", Token);
        await volumes.RemoveAsync("data", force: false, Token);

        Assert.Empty(Directory.GetFileSystemEntries(fixture.Root));
        Assert.Null(await volumes.FindAsync("data", Token));
    }

    [Fact]
    public async Task A_volume_that_is_not_there_is_an_error_unless_forced()
    {
        StrakeException missing = await Assert.ThrowsAsync<StrakeException>(() => volumes.RemoveAsync("data", force: false, Token));

        Assert.Equal((ErrorKind.NotFound, "get data: no such volume"), (missing.Kind, missing.Message));
        await volumes.RemoveAsync("data", force: true, Token);
        await volumes.RemoveAsync("../etc", force: true, Token);
    }

    [Fact]
    public async Task A_mount_below_a_volume_keeps_it_whole()
    {
        await volumes.CreateAsync(new("data"), Token);
        string below = Directory.CreateDirectory(Path.Combine(fixture["data"], "below")).FullName;
        await File.WriteAllTextAsync(Path.Combine(fixture["data"], "file"), "content", Token);
        using (new Mount("tmpfs", "tmpfs", below).Attach())
        {
            StrakeException refusal = await Assert.ThrowsAsync<StrakeException>(() => volumes.RemoveAsync("data", force: true, Token));

            Assert.Equal(ErrorKind.InUse, refusal.Kind);
            Assert.Contains(below, refusal.Message, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(fixture["data"], "file")));
        }

        await volumes.RemoveAsync("data", force: false, Token);
    }

    [Fact]
    public async Task A_volume_with_the_longest_name_can_be_removed()
    {
        string longest = new('a', 255);
        await volumes.CreateAsync(new(longest), Token);

        await volumes.RemoveAsync(longest, force: false, Token);

        Assert.Empty(Directory.EnumerateFileSystemEntries(fixture.Root));
    }

    [Fact]
    public async Task Removal_follows_no_link_out_of_the_volume()
    {
        string source = fixture.MakeSource();
        await volumes.CreateAsync(new("data"), Token);
        File.CreateSymbolicLink(Path.Combine(fixture["data"], "link"), source);

        await volumes.RemoveAsync("data", force: false, Token);

        Assert.True(File.Exists(Path.Combine(source, "sub", "file")));
    }

    [Fact]
    public async Task Pruning_takes_only_what_is_picked_and_unused()
    {
        await volumes.CreateAsync(new("kept"), Token);
        await volumes.CreateAsync(new(Name: null) { Attachment = Use }, Token);
        Volume unused = await volumes.CreateAsync(new(Name: null), Token);
        await File.WriteAllTextAsync(Path.Combine(unused.Mountpoint, "file"), "12345", Token);

        VolumePruneReport report = await volumes.PruneAsync(volume => volume.IsAnonymous, Token);

        Assert.Equal([unused.Name], report.Deleted);
        Assert.Equal(5, report.ReclaimedBytes);
        Assert.Equal(2, (await volumes.ListAsync(Token)).Count);
    }

    [Fact]
    public async Task An_empty_volume_is_filled_once_with_owner_and_mode()
    {
        await volumes.CreateAsync(new("data"), Token);
        string source = fixture.MakeSource();
        using var directory = Syscall.Open(source, OpenFlags.Directory);

        Assert.True(await volumes.Uses.FillAsync("data", directory, Token));
        await File.WriteAllTextAsync(Path.Combine(source, "later"), "x", Token);
        Assert.False(await volumes.Uses.FillAsync("data", directory, Token));

        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(fixture["data"], "sub", "file"), Token));
        Assert.False(File.Exists(Path.Combine(fixture["data"], "later")));
        Assert.Equal(File.GetUnixFileMode(source), File.GetUnixFileMode(fixture["data"]));
    }

    [Fact]
    public async Task A_volume_whose_directory_is_gone_is_data_loss_and_can_still_be_removed()
    {
        await volumes.CreateAsync(new("data"), Token);
        await volumes.Uses.MountAsync("data", Use.Holder, Token);
        await volumes.Uses.UnmountAsync("data", Use.Holder, Token);
        Directory.Delete(Path.Combine(fixture.Root, "data"), recursive: true);

        StrakeException lost = await Assert.ThrowsAsync<StrakeException>(() => volumes.Uses.MountAsync("data", Use.Holder, Token));

        Assert.Equal(ErrorKind.DataLoss, lost.Kind);
        Assert.Contains(await volumes.CheckAsync(new HashSet<string>(), Token), finding => finding.Contains("data", StringComparison.Ordinal));
        await volumes.RemoveAsync("data", force: false, Token);
    }

    [Theory]
    [InlineData("colour", "1", "create data: invalid option: \"colour\"")]
    [InlineData("device", "1", "create data: missing required option: \"type\"")]
    [InlineData("type", "1", "create data: missing required option: \"device\"")]
    [InlineData("o", "1", "create data: missing required option: \"device\"")]
    [InlineData("size", "12q", "create data: invalid suffix: 'q'")]
    [InlineData("size", "-1", "create data: invalid size: '-1'")]
    [InlineData("size", "0", "create data: invalid size: '0'")]
    [InlineData("mode", "9", "create data: invalid mode: '9' is not an octal mode such as 0750")]
    [InlineData("backend", "tape", "create data: invalid backend: 'tape' is none of auto, dir, quota, btrfs, zfs, image, block")]
    [InlineData("parent", "tank", "create data: the option \"parent\" names a dataset, and needs \"backend\" to be zfs")]
    [InlineData("parent", "-o", "create data: invalid parent: '-o' is not the name of a dataset, such as tank/volumes")]
    [InlineData("parent", "tank//volumes", "create data: invalid parent: 'tank//volumes' is not the name of a dataset, such as tank/volumes")]
    public async Task A_wrong_option_is_refused_in_clear_words_and_leaves_nothing(string option, string value, string message)
    {
        var request = new VolumeRequest("data") { DriverOptions = new Dictionary<string, string> { [option] = value } };

        StrakeException refusal = await Assert.ThrowsAsync<StrakeException>(() => volumes.CreateAsync(request, Token));

        Assert.Equal((ErrorKind.Invalid, message), (refusal.Kind, refusal.Message));
        Assert.Empty(await volumes.ListAsync(Token));
    }

    [Fact]
    public async Task A_refusal_names_what_was_to_be_done_and_with_which_volume()
    {
        await volumes.CreateAsync(new("data") { Attachment = Use }, Token);
        await RefusesAsync(ErrorKind.Invalid, "rename x: volume name is too short", () => volumes.RenameAsync("data", "x", Token));
        await RefusesAsync(ErrorKind.Invalid, "rename a/b: \"a/b\" includes invalid characters", () => volumes.RenameAsync("data", "a/b", Token));
        await RefusesAsync(ErrorKind.Invalid, "create nnnnnnnnnnnnnnnn…: volume name is too long: 256 characters", () => volumes.CreateAsync(new(new string('n', 256)), Token));
        await RefusesAsync(ErrorKind.Invalid, "clone x: volume name is too short", () => volumes.Copies.CloneAsync(new("data", null, "x"), new HashSet<string>(), Token));
        await RefusesAsync(ErrorKind.InUse, "rename data: volume is in use - [c1]", () => volumes.RenameAsync("data", "other", Token));
        await RefusesAsync(ErrorKind.InUse, "remove data: volume is in use - [c1]", () => volumes.Trash.PutAsync("data", TimeSpan.FromDays(1), Token));
        await RefusesAsync(ErrorKind.NotSupported, "resize data: the volume is a plain directory", () => volumes.ResizeAsync("data", "1g", Token));
        await RefusesAsync(ErrorKind.Invalid, "resize data: invalid size: 'abc'", () => volumes.ResizeAsync("data", "abc", Token));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a/b")]
    [InlineData("nosuch")]
    public async Task What_cannot_be_a_volume_is_not_found_like_one_that_is_not_there(string name)
    {
        string message = $"get {name}: no such volume";
        await RefusesAsync(ErrorKind.NotFound, message, () => volumes.RenameAsync(name, "other", Token));
        await RefusesAsync(ErrorKind.NotFound, message, () => volumes.ResizeAsync(name, "1g", Token));
        await RefusesAsync(ErrorKind.NotFound, message, () => volumes.RemoveAsync(name, force: false, Token));
        await RefusesAsync(ErrorKind.NotFound, message, () => volumes.Trash.PutAsync(name, TimeSpan.FromDays(1), Token));
        await RefusesAsync(ErrorKind.NotFound, message, () => volumes.Copies.ListAsync(name, Token));
        await RefusesAsync(ErrorKind.NotFound, message, () => volumes.Copies.CloneAsync(new(name, null, "other"), new HashSet<string>(), Token));
        await RefusesAsync(ErrorKind.NotFound, message, () => volumes.Uses.AttachAsync(name, Use, Token));
        await RefusesAsync(ErrorKind.NotFound, message, () => volumes.Uses.MountAsync(name, Use.Holder, Token));
        await RefusesAsync(ErrorKind.NotFound, message, () => volumes.Measures.SpaceOfAsync(name, Token));
        await volumes.Uses.UnmountAsync(name, Use.Holder, Token);
        await volumes.Uses.DetachAsync(name, Use.Holder, Token);
        Assert.Empty(await volumes.Uses.OfAsync(name, Token));
    }

    static async Task RefusesAsync(ErrorKind kind, string message, Func<Task> work)
    {
        StrakeException refusal = await Assert.ThrowsAsync<StrakeException>(work);
        Assert.Equal(kind, refusal.Kind);
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_driver_is_not_found() => Assert.Equal(
        ErrorKind.NotFound,
        (await Assert.ThrowsAsync<StrakeException>(() => volumes.CreateAsync(new("data") { Driver = "nfs" }, Token))).Kind);

    [Fact]
    public async Task Content_is_readable_by_a_containers_users_while_the_volumes_cannot_be_listed()
    {
        await volumes.CreateAsync(new("data"), Token);

        Assert.Equal("rwxr-xr-x", Text(fixture["data"]));
        Assert.Equal("rwx-----x", Text(fixture.Root));
    }

    static string Text(string path)
    {
        UnixFileMode mode = File.GetUnixFileMode(path);
        return string.Concat(Enumerable.Range(0, 9).Select(bit => ((int)mode & (0x100 >> bit)) == 0 ? '-' : "rwxrwxrwx"[bit]));
    }
}
