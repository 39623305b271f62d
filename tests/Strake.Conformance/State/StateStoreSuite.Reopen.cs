namespace Strake.Conformance.State;

public abstract partial class StateStoreSuite
{
    [Fact]
    public async Task A_store_opened_again_is_as_it_was()
    {
        Assert.SkipUnless(KeepsRecords, "a store in memory");
        await PutAsync("a", "1");
        await PutAsync("a", "2");
        await PutAsync("b", "3");
        await DeleteAsync("b");
        await PutAsync("empty", "");
        await Store.CompactAsync(1, Cancellation);
        var before = await Store.RangeAsync("", Cancellation);

        await ReopenAsync();
        var after = await Store.RangeAsync("", Cancellation);
        Assert.Equal(before.Revision, after.Revision);
        Assert.Equal(
            before.Select(e => (e.Key, Text(e.Value), e.CreateRevision, e.ModRevision)),
            after.Select(e => (e.Key, Text(e.Value), e.CreateRevision, e.ModRevision)));
        var events = await TakeAsync(Store.WatchAsync("", 2, Cancellation), 4);
        Assert.Equal(["2 a=2", "3 b=3", "4 b gone", "5 empty="], events.Select(Show));
        Assert.Equal("3", Text(events[2].Previous!.Value));
        await Assert.ThrowsAsync<Strake.State.StrakeException>(() => TakeAsync(Store.WatchAsync("", 1, Cancellation), 1));
        Assert.Equal(6, await PutAsync("a", "6"));
    }
}
