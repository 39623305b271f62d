namespace Strake.Conformance.State;

public abstract partial class StateStoreSuite
{
    [Fact]
    public async Task A_range_has_the_keys_with_the_prefix_and_no_others()
    {
        foreach (var key in (string[])["a", "a/", "a/1", "a/1/x", "a/2", "a0", "b"]) await PutAsync(key, "");
        Assert.Equal(["a/", "a/1", "a/1/x", "a/2"], (await Store.RangeAsync("a/", Cancellation)).Select(e => e.Key));
        Assert.Equal(7, (await Store.RangeAsync("", Cancellation)).Count);
        Assert.Empty(await Store.RangeAsync("c", Cancellation));
    }

    [Fact]
    public async Task Keys_are_in_the_order_of_their_bytes()
    {
        // UTF-16 would put U+10000 before U+E000 and U+FFFD.
        string[] ordered = ["A", "Z", "_", "a", "aa", "ab", "z", "é", "\ud7ff", "\ue000", "\ufffd", "\U00010000", "\U0001F600"];
        foreach (var key in ordered.Reverse()) await PutAsync(key, "");
        Assert.Equal(ordered, (await Store.RangeAsync("", Cancellation)).Select(e => e.Key));
        if (!KeepsRecords) return;
        await ReopenAsync();
        Assert.Equal(ordered, (await Store.RangeAsync("", Cancellation)).Select(e => e.Key));
        Assert.NotNull(await Store.GetAsync("\ue000", Cancellation));
    }

    [Fact]
    public async Task A_range_does_not_change_with_the_store()
    {
        await PutAsync("a", "1");
        var range = await Store.RangeAsync("", Cancellation);
        await PutAsync("a", "2");
        await PutAsync("b", "2");
        Assert.Equal(("1", 1), (Text(Assert.Single(range).Value), range.Revision));
    }
}
