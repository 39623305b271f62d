using System.Globalization;
using Strake.State;

namespace Strake.Conformance.State;

public abstract partial class StateStoreSuite
{
    [Fact]
    public void A_key_that_is_no_text_is_refused()
    {
        foreach (var key in (string[])["", "a\0b", "half\ud800", "\udc00half"])
        {
            Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => new StateTransaction().Put(key, default)).Kind);
            Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => new StateTransaction().Delete(key)).Kind);
            Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => new StateTransaction().ExpectAbsent(key)).Kind);
        }
    }

    [Fact]
    public async Task A_key_may_have_512_bytes_of_UTF8()
    {
        var longest = new string('é', 256);
        await PutAsync(longest, "1");
        Assert.Equal("1", Text((await Store.GetAsync(longest, Cancellation))!.Value));
        Assert.Equal(ErrorKind.TooLarge, Assert.Throws<StrakeException>(() => new StateTransaction().Put(longest + "a", default)).Kind);
    }

    [Fact]
    public async Task A_value_may_have_4_MiB()
    {
        var largest = new byte[StateLimits.ValueBytes];
        largest[^1] = 7;
        await Store.CommitAsync(new StateTransaction().Put("a", largest), Cancellation);
        if (KeepsRecords) await ReopenAsync();
        Assert.True((await Store.GetAsync("a", Cancellation))!.Value.Span.SequenceEqual(largest));
        Assert.Equal(
            ErrorKind.TooLarge, Assert.Throws<StrakeException>(() => new StateTransaction().Put("a", new byte[largest.Length + 1])).Kind);
    }

    [Fact]
    public async Task A_transaction_may_have_10_000_operations()
    {
        var transaction = new StateTransaction();
        for (var i = 0; i < StateLimits.TransactionOperations; i++)
            transaction.ExpectAbsent($"k{i}").Put($"k{i}", Bytes(i.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(ErrorKind.TooLarge, Assert.Throws<StrakeException>(() => transaction.Put("one more", default)).Kind);
        Assert.Equal(ErrorKind.TooLarge, Assert.Throws<StrakeException>(() => transaction.ExpectAbsent("one more")).Kind);
        Assert.Equal(1, (await Store.CommitAsync(transaction, Cancellation)).Revision);
        if (KeepsRecords) await ReopenAsync();
        Assert.Equal(StateLimits.TransactionOperations, (await Store.RangeAsync("k", Cancellation)).Count);
        Assert.Equal("9999", Text((await Store.GetAsync("k9999", Cancellation))!.Value));
        var events = await TakeAsync(Store.WatchAsync("", 1, Cancellation), StateLimits.TransactionOperations);
        Assert.Equal(Enumerable.Range(0, StateLimits.TransactionOperations).Select(i => $"k{i}"), events.Select(e => e.Entry.Key));
    }

    [Fact]
    public void A_transaction_may_have_16_MiB()
    {
        var transaction = new StateTransaction();
        for (var i = 0; i < 3; i++) transaction.Put($"k{i}", new byte[StateLimits.ValueBytes]);
        Assert.Equal(
            ErrorKind.TooLarge, Assert.Throws<StrakeException>(() => transaction.Put("k3", new byte[StateLimits.ValueBytes])).Kind);
    }

    [Fact]
    public void A_transaction_writes_a_key_once()
    {
        var transaction = new StateTransaction().Put("a", default);
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => transaction.Delete("a")).Kind);
    }

    [Fact]
    public async Task A_store_over_its_capacity_refuses_more_and_goes_on()
    {
        await ReopenAsync(capacityBytes: 1000);
        await PutAsync("a", new string('x', 900));
        Assert.Equal(ErrorKind.Exhausted, await KindOfAsync(() => PutAsync("b", new string('x', 100))));
        await PutAsync("c", "small");
        await PutAsync("a", new string('y', 800));
        await PutAsync("b", new string('x', 100));
        await DeleteAsync("a");
        await PutAsync("d", new string('x', 800));
        Assert.Equal(["b", "c", "d"], (await Store.RangeAsync("", Cancellation)).Select(e => e.Key));
    }
}
