namespace Strake.Volumes.Tests;

/// <summary>Volumes that were removed and can be had again.</summary>
public sealed class VolumeTrashTests : IAsyncLifetime
{
    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    readonly VolumeFixture fixture = new();
    readonly ManualTime time = new();
    VolumeStore volumes = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        volumes = await fixture.OpenAsync(time: time);
        await MakeAsync("first");
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task In_the_trash_a_volume_is_nobodys_and_its_name_is_free()
    {
        TrashedVolume trashed = await volumes.Trash.PutAsync("data", Day, Token);
        Assert.Equal(("data", time.GetUtcNow() + Day), (trashed.Name, trashed.Until));
        Assert.Null(await volumes.FindAsync("data", Token));
        Assert.Null(await volumes.FindAsync(trashed.Id, Token));
        Assert.Empty(await volumes.ListAsync(Token));
        Assert.Empty((await volumes.PruneAsync(static _ => true, Token)).Deleted);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Uses.MountAsync(trashed.Id, "container/c1", Token))).Kind);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => volumes.CreateAsync(new(trashed.Id), Token))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Copies.ListAsync(trashed.Id, Token))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Trash.PutAsync(trashed.Id, Day, Token))).Kind);
        Assert.Empty(await volumes.CheckAsync(new HashSet<string>(), Token));
        await volumes.CreateAsync(new("data"), Token);
    }

    [Fact]
    public async Task The_newest_of_a_name_is_meant_and_an_id_names_any()
    {
        TrashedVolume first = await volumes.Trash.PutAsync("data", Day, Token);
        time.Pass(TimeSpan.FromMinutes(1));
        await MakeAsync("second");
        TrashedVolume second = await volumes.Trash.PutAsync("data", Day, Token);
        Assert.Equal([second, first], await volumes.Trash.ListAsync(Token));

        Assert.Equal("data", await volumes.Trash.RestoreAsync("data", name: null, Token));
        Assert.Equal("second", await ReadAsync("data"));
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Trash.RestoreAsync("data", name: null, Token))).Kind);
        Assert.Equal("older", await volumes.Trash.RestoreAsync(first.Id[..VolumeTrash.ShownIdLength], "older", Token));
        Assert.Equal("first", await ReadAsync("older"));
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Trash.RestoreAsync("data", "other", Token))).Kind);
    }

    [Fact]
    public async Task What_is_there_longer_than_its_time_goes_and_nothing_else()
    {
        await volumes.Trash.PutAsync("data", Day, Token);
        await MakeAsync("second");
        await volumes.Trash.PutAsync("data", 3 * Day, Token);
        await MakeAsync("third");

        time.Pass(2 * Day);
        TrashReport report = await volumes.Trash.EmptyAsync(all: false, Token);
        Assert.Equal(["data"], report.Removed);
        Assert.Empty(report.Failures);
        Assert.Single(await volumes.Trash.ListAsync(Token));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(fixture.Root).Count());

        Assert.Single((await volumes.Trash.EmptyAsync(all: true, Token)).Removed);
        Assert.Equal("third", await ReadAsync("data"));
        Assert.Equal([Path.Combine(fixture.Root, "data")], Directory.EnumerateFileSystemEntries(fixture.Root));
    }

    [Fact]
    public async Task What_somebody_uses_stays()
    {
        await volumes.Uses.AttachAsync("data", new Attachment("container/c1", "/data", ReadOnly: false), Token);
        Assert.Equal(ErrorKind.InUse, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Trash.PutAsync("data", Day, Token))).Kind);
        Assert.NotNull(await volumes.FindAsync("data", Token));
    }

    [Fact]
    public async Task After_a_restart_it_is_still_there()
    {
        await volumes.Trash.PutAsync("data", Day, Token);
        VolumeStore reopened = await fixture.OpenAsync(time: time);
        Assert.Empty(reopened.OpenFindings);
        await reopened.Trash.RestoreAsync("data", name: null, Token);
        Assert.Equal("first", await ReadAsync("data"));
    }

    async Task MakeAsync(string content)
    {
        await volumes.CreateAsync(new("data"), Token);
        await File.WriteAllTextAsync(Path.Combine(fixture["data"], "file"), content, Token);
    }

    Task<string> ReadAsync(string volume) => File.ReadAllTextAsync(Path.Combine(fixture[volume], "file"), Token);
}
