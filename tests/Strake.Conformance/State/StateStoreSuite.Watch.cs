using Strake.State;

namespace Strake.Conformance.State;

public abstract partial class StateStoreSuite
{
    [Fact]
    public async Task A_watch_reports_what_follows_its_revision_in_order()
    {
        await PutAsync("a/1", "1");
        await PutAsync("b", "not this");
        await Store.CommitAsync(new StateTransaction().Put("a/3", Bytes("3")).Put("a/2", Bytes("3")).Delete("a/1"), Cancellation);
        await PutAsync("a/2", "4");
        var events = await TakeAsync(Store.WatchAsync("a/", 1, Cancellation), 5);
        Assert.Equal(["1 a/1=1", "3 a/3=3", "3 a/2=3", "3 a/1 gone", "4 a/2=4"], events.Select(Show));
        Assert.Equal([null, null, null, 1L, 3L], events.Select(e => e.Previous?.ModRevision));
        Assert.Equal([1L, 3L, 3L, 0L, 3L], events.Select(e => e.Entry.CreateRevision));
    }

    [Fact]
    public async Task A_watch_from_0_reports_what_follows_the_call()
    {
        await PutAsync("a", "1");
        var watch = Store.WatchAsync("", 0, Cancellation);
        await PutAsync("a", "2");
        Assert.Equal("2 a=2", Show(Assert.Single(await TakeAsync(watch, 1))));
    }

    [Fact]
    public async Task A_watch_waits_for_a_revision_to_come()
    {
        var watching = TakeAsync(Store.WatchAsync("", 3, Cancellation), 1);
        await PutAsync("a", "1");
        await PutAsync("a", "2");
        Assert.False(watching.IsCompleted);
        await PutAsync("a", "3");
        Assert.Equal("3 a=3", Show(Assert.Single(await watching)));
    }

    [Fact]
    public async Task A_watch_ends_by_its_token()
    {
        using var cancellation = new CancellationTokenSource();
        var watching = TakeAsync(Store.WatchAsync("", 0, cancellation.Token), 1);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    [Fact]
    public async Task A_watch_ends_when_the_store_is_closed()
    {
        await PutAsync("a", "1");
        var watching = TakeAsync(Store.WatchAsync("", 1, Cancellation), 2);
        await Store.DisposeAsync();
        Assert.True((await watching).Count <= 1);
    }

    [Fact]
    public async Task Every_watcher_sees_every_event_once_and_in_order()
    {
        const int Writers = 16;
        const int Commits = 250;
        var watchers = Enumerable.Range(0, 8)
            .Select(i => Task.Run(() => TakeAsync(Store.WatchAsync("k/", 1, Cancellation), Writers * Commits * 2), Cancellation)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 0; i < Commits; i++)
                {
                    await Store.CommitAsync(
                        new StateTransaction(Durability.Eventual)
                            .Put($"k/{writer}/{i}", Bytes("x")).Put("other", Bytes("x")).Put($"k/{writer}", Bytes($"{i}")),
                        Cancellation);
                }
            },
            Cancellation)));

        // One who comes late, and so reads what the others saw live from history, sees the same.
        var late = (await TakeAsync(Store.WatchAsync("k/", 1, Cancellation), Writers * Commits * 2)).ConvertAll(Show);
        foreach (var watcher in watchers) Assert.Equal(late, (await watcher).ConvertAll(Show));
        Assert.Equal(Enumerable.Range(0, Writers * Commits * 2).Select(i => 1L + (i / 2)), late.ConvertAll(line => long.Parse(line.Split(' ')[0])));
    }

    [Fact]
    public async Task A_range_and_the_watch_after_it_have_neither_gap_nor_repeat()
    {
        const int Commits = 2000;
        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < Commits; i++) await PutAsync($"k{i:0000}", "x");
            },
            Cancellation);
        while (Store.Revision < Commits / 4) await Task.Yield();
        var range = await Store.RangeAsync("k", Cancellation);
        var rest = await TakeAsync(Store.WatchAsync("k", range.Revision + 1, Cancellation), Commits - range.Count);
        await writing;
        Assert.Equal(Enumerable.Range(0, Commits).Select(i => $"k{i:0000}"), range.Select(e => e.Key).Concat(rest.Select(e => e.Entry.Key)));
    }
}
