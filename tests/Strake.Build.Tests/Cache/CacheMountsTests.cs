namespace Strake.Build.Tests.Cache;

/// <summary>Directories that builds share: whole for each who gets one, whoever makes or removes it meanwhile.</summary>
public sealed class CacheMountsTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("strake-test-").FullName;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Who_shares_one_that_is_being_made_waits_until_it_is_whole()
    {
        var mounts = new CacheMounts(_folder);
        var filling = new TaskCompletionSource();
        var first = mounts.TakeAsync(Shared, FillAsync, Cancel);
        var second = mounts.TakeAsync(Shared, static _ => throw new InvalidOperationException("filled twice"), Cancel);
        Assert.False(second.IsCompleted);
        Assert.Empty(mounts.List());
        filling.SetResult();
        using var one = await first;
        using var two = await second;
        Assert.Equal(one.Path, two.Path);
        Assert.Equal("first", File.ReadAllText(Path.Combine(two.Path, "file")));
        Assert.True(Assert.Single(mounts.List()).IsInUse);

        async Task FillAsync(string target)
        {
            await filling.Task;
            File.WriteAllText(Path.Combine(target, "file"), "first");
        }
    }

    [Fact]
    public async Task Many_that_come_at_once_all_find_a_directory()
    {
        var mounts = new CacheMounts(_folder);
        for (var round = 0; round < 100; round++)
        {
            var mount = Shared with { Id = $"id{round}" };
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
                async () =>
                {
                    using var lease = await mounts.TakeAsync(mount, fill: null, Cancel);
                    Assert.True(Directory.Exists(lease.Path));
                },
                Cancel)));
        }

        Assert.Equal(100, mounts.List().Count);
        Assert.DoesNotContain(mounts.List(), static mount => mount.IsInUse);
    }

    [Fact]
    public async Task Nothing_stays_of_one_whose_first_content_could_not_be_had()
    {
        var mounts = new CacheMounts(_folder);
        await Assert.ThrowsAsync<IOException>(async () => await mounts.TakeAsync(Shared, static _ => throw new IOException("no"), Cancel));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        using var lease = await mounts.TakeAsync(Shared, fill: null, Cancel);
        Assert.True(Directory.Exists(lease.Path));
    }

    [Fact]
    public async Task What_a_killed_process_began_to_make_or_to_remove_is_gone_at_the_next_start()
    {
        (await new CacheMounts(_folder).TakeAsync(Shared, fill: null, Cancel)).Dispose();
        var path = Assert.Single(Directory.EnumerateDirectories(_folder));
        Directory.Move(path, path + ".unfinished");
        Assert.Empty(new CacheMounts(_folder).List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task One_without_content_is_made_anew()
    {
        var mounts = new CacheMounts(_folder);
        string path;
        using (var lease = await mounts.TakeAsync(Shared, fill: null, Cancel)) path = lease.Path;
        Directory.Delete(path);
        using var again = await new CacheMounts(_folder).TakeAsync(Shared, fill: null, Cancel);
        Assert.True(Directory.Exists(again.Path));
    }

    [Fact]
    public async Task None_is_removed_while_somebody_has_it_or_waits_for_it()
    {
        var mounts = new CacheMounts(_folder);
        var locked = Shared with { Sharing = CacheSharing.Locked };
        var first = await mounts.TakeAsync(locked, fill: null, Cancel);
        var second = mounts.TakeAsync(locked, fill: null, Cancel);
        var name = Assert.Single(mounts.List()).Name;
        Assert.False(mounts.TryRemove(name));
        Assert.False(second.IsCompleted);
        first.Dispose();
        using (await second) Assert.False(mounts.TryRemove(name));
        Assert.True(mounts.TryRemove(name));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Private_ones_are_nobody_elses_until_they_are_given_back()
    {
        var mounts = new CacheMounts(_folder);
        var mine = Shared with { Sharing = CacheSharing.Private };
        var first = await mounts.TakeAsync(mine, fill: null, Cancel);
        using var second = await mounts.TakeAsync(mine, fill: null, Cancel);
        Assert.NotEqual(first.Path, second.Path);
        first.Dispose();
        using var third = await mounts.TakeAsync(mine, fill: null, Cancel);
        Assert.Equal(first.Path, third.Path);
    }

    static CacheMount Shared => new() { Target = "/cache", Id = "id" };
}
