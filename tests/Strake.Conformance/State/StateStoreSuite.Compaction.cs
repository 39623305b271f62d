using Strake.State;

namespace Strake.Conformance.State;

public abstract partial class StateStoreSuite
{
    [Fact]
    public async Task Compaction_forgets_history_and_keeps_entries()
    {
        await PutAsync("kept", "1");
        await PutAsync("changed", "2");
        await PutAsync("gone", "3");
        await PutAsync("changed", "4");
        await DeleteAsync("gone");
        await PutAsync("changed", "6");
        await DeleteAsync("kept");
        await Store.CompactAsync(5, Cancellation);
        await Store.CompactAsync(3, Cancellation);
        await Store.CompactAsync(5, Cancellation);

        foreach (var from in (long[])[1, 4, 5])
            Assert.Equal(ErrorKind.Exhausted, await KindOfAsync(() => TakeAsync(Store.WatchAsync("", from, Cancellation), 1)));
        var events = await TakeAsync(Store.WatchAsync("", 6, Cancellation), 2);
        Assert.Equal(["6 changed=6", "7 kept gone"], events.Select(Show));
        Assert.Equal(["4", "1"], events.Select(e => Text(e.Previous!.Value)));
        Assert.Equal("6", Text(Assert.Single(await Store.RangeAsync("", Cancellation)).Value));
        Assert.Equal(7, Store.Revision);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public async Task Compaction_at_a_revision_that_is_none_is_refused(long revision)
    {
        await PutAsync("a", "1");
        Assert.Equal(ErrorKind.Invalid, await KindOfAsync(async () => await Store.CompactAsync(revision, Cancellation)));
    }

    [Fact]
    public async Task Compaction_of_everything_keeps_the_revision()
    {
        await PutAsync("a", "1");
        await DeleteAsync("a");
        await Store.CompactAsync(2, Cancellation);
        if (KeepsRecords) await ReopenAsync();
        Assert.Equal(2, Store.Revision);
        Assert.Empty(await Store.RangeAsync("", Cancellation));
        Assert.Equal(3, await PutAsync("a", "3"));
        Assert.Equal("3 a=3", Show(Assert.Single(await TakeAsync(Store.WatchAsync("", 3, Cancellation), 1))));
    }

    [Fact]
    public async Task History_is_bounded_by_itself()
    {
        await ReopenAsync(historyRevisions: 100);
        for (var i = 0; i < 1000; i++) await PutAsync($"k{i % 10}", $"{i}");
        Assert.Equal(ErrorKind.Exhausted, await KindOfAsync(() => TakeAsync(Store.WatchAsync("", 850, Cancellation), 1)));
        Assert.Equal(100, (await TakeAsync(Store.WatchAsync("", 901, Cancellation), 100)).Count);
        Assert.Equal(10, (await Store.RangeAsync("", Cancellation)).Count);
    }

    [Fact]
    public async Task A_watch_that_compaction_overtakes_is_told()
    {
        await PutAsync("a", "1");
        await using var watch = Store.WatchAsync("", 1, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await watch.MoveNextAsync());
        for (var i = 0; i < 10; i++) await PutAsync("a", $"{i}");
        await Store.CompactAsync(5, Cancellation);
        Assert.Equal(ErrorKind.Exhausted, await KindOfAsync(async () => await watch.MoveNextAsync()));
    }
}
