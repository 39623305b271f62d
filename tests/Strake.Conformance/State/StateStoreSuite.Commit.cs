using System.Globalization;
using Strake.State;

namespace Strake.Conformance.State;

public abstract partial class StateStoreSuite
{
    [Fact]
    public async Task A_new_store_is_empty_at_revision_0()
    {
        Assert.Equal(0, Store.Revision);
        var all = await Store.RangeAsync("", Cancellation);
        Assert.Empty(all);
        Assert.Equal(0, all.Revision);
        Assert.Null(await Store.GetAsync("a", Cancellation));
    }

    [Fact]
    public async Task A_commit_makes_the_next_revision_and_is_read_back()
    {
        Assert.Equal(1, await PutAsync("a", "1"));
        Assert.Equal(2, await PutAsync("a", "2"));
        Assert.Equal(2, Store.Revision);
        var entry = await Store.GetAsync("a", Cancellation);
        Assert.Equal(("a", "2", 1, 2), (entry!.Key, Text(entry.Value), entry.CreateRevision, entry.ModRevision));
    }

    [Fact]
    public async Task The_changes_of_a_transaction_share_its_revision()
    {
        await PutAsync("gone", "");
        var result = await Store.CommitAsync(new StateTransaction().Put("b", Bytes("2")).Delete("gone").Put("a", Bytes("1")), Cancellation);
        Assert.Equal((true, 2), (result.Succeeded, result.Revision));
        var all = await Store.RangeAsync("", Cancellation);
        Assert.Equal(["a", "b"], all.Select(e => e.Key));
        Assert.All(all, e => Assert.Equal(2, e.ModRevision));
    }

    [Fact]
    public async Task A_failed_expectation_changes_nothing_and_says_what_is_there()
    {
        await PutAsync("a", "1");
        await PutAsync("b", "1");
        var result = await Store.CommitAsync(
            new StateTransaction().Expect("a", 1).ExpectAbsent("b").Put("a", Bytes("2")).Put("c", Bytes("2")), Cancellation);
        Assert.False(result.Succeeded);
        Assert.Equal(("b", 0, 2), (result.Failed.Key, result.Failed.ExpectedModRevision, result.Failed.Current!.ModRevision));
        Assert.Equal((2, 2), (result.Revision, Store.Revision));
        Assert.Equal("1", Text((await Store.GetAsync("a", Cancellation))!.Value));
        Assert.Null(await Store.GetAsync("c", Cancellation));
    }

    [Theory]
    [InlineData("absent", 0, true)]
    [InlineData("absent", 1, false)]
    [InlineData("present", 0, false)]
    [InlineData("present", 1, false)]
    [InlineData("present", 2, true)]
    [InlineData("present", 3, false)]
    public async Task An_expectation_holds_only_at_the_very_revision(string key, long revision, bool holds)
    {
        await PutAsync("present", "1");
        await PutAsync("present", "2");
        var result = await Store.CommitAsync(new StateTransaction().Expect(key, revision).Put("x", Bytes("")), Cancellation);
        Assert.Equal(holds, result.Succeeded);
    }

    [Fact]
    public async Task What_changes_nothing_makes_no_revision()
    {
        await PutAsync("a", "1");
        var expectation = await Store.CommitAsync(new StateTransaction().Expect("a", 1), Cancellation);
        var deletion = await Store.CommitAsync(new StateTransaction().Delete("absent"), Cancellation);
        var nothing = await Store.CommitAsync(new StateTransaction(), Cancellation);
        Assert.All([expectation, deletion, nothing], result => Assert.Equal((true, 1), (result.Succeeded, result.Revision)));
        Assert.Equal(1, Store.Revision);
    }

    [Fact]
    public async Task A_write_of_the_same_value_is_a_write()
    {
        await PutAsync("a", "1");
        Assert.Equal(2, await PutAsync("a", "1"));
    }

    [Fact]
    public async Task A_key_put_again_after_its_delete_is_a_new_one()
    {
        await PutAsync("a", "1");
        await DeleteAsync("a");
        Assert.Null(await Store.GetAsync("a", Cancellation));
        await PutAsync("a", "2");
        Assert.Equal(3, (await Store.GetAsync("a", Cancellation))!.CreateRevision);
    }

    [Fact]
    public async Task An_empty_value_is_a_value()
    {
        await PutAsync("a", "");
        Assert.Equal(0, (await Store.GetAsync("a", Cancellation))!.Value.Length);
    }

    [Fact]
    public async Task A_value_is_the_callers_again_once_it_is_put()
    {
        var buffer = Bytes("before");
        var transaction = new StateTransaction().Put("a", buffer);
        buffer.AsSpan().Clear();
        await Store.CommitAsync(transaction, Cancellation);
        Assert.Equal("before", Text((await Store.GetAsync("a", Cancellation))!.Value));
    }

    [Fact]
    public async Task A_cancelled_commit_is_not_applied()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.CommitAsync(new StateTransaction().Put("a", Bytes("")), cancelled.Token));
        await PutAsync("b", "");
        Assert.Equal(1, Store.Revision);
    }

    [Fact]
    public async Task A_closed_store_refuses_commits_and_closing_is_idempotent()
    {
        var store = Store;
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await store.CommitAsync(new StateTransaction().Put("a", Bytes("")), Cancellation));
    }

    [Fact]
    public async Task Sixty_four_writers_lose_no_update()
    {
        const int Writers = 64;
        const int Increments = 25;
        await PutAsync("counter", "0");
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
            async () =>
            {
                for (var done = 0; done < Increments;)
                {
                    var before = (await Store.GetAsync("counter", Cancellation))!;
                    var next = int.Parse(Text(before.Value), CultureInfo.InvariantCulture) + 1;
                    var increment = new StateTransaction(writer % 2 == 0 ? Durability.Eventual : Durability.Synced)
                        .Expect("counter", before.ModRevision)
                        .Put("counter", Bytes(next.ToString(CultureInfo.InvariantCulture)))
                        .Put($"done/{writer}/{done}", Bytes(""));
                    var result = await Store.CommitAsync(increment, Cancellation);
                    if (!result.Succeeded) continue;
                    // What a returned commit wrote, every later read sees.
                    Assert.True((await Store.GetAsync("counter", Cancellation))!.ModRevision >= result.Revision);
                    done++;
                }
            },
            Cancellation)));
        Assert.Equal("1600", Text((await Store.GetAsync("counter", Cancellation))!.Value));
        Assert.Equal(Writers * Increments, (await Store.RangeAsync("done/", Cancellation)).Count);
        Assert.Equal((Writers * Increments) + 1, Store.Revision);
    }
}
