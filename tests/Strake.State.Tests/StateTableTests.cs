using System.Text.Json.Serialization;

namespace Strake.State.Tests;

public sealed partial class StateTableTests
{
    readonly MemoryStateStore _store = new();
    readonly StateTable<Ship> _ships;

    public StateTableTests() => _ships = new(_store, "ship/", ShipJson.Default.Ship);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_is_read_as_it_was_written()
    {
        var created = await _ships.CreateAsync("ark", new Ship("Ark", 3), cancellationToken: Cancellation);
        Assert.Equal(new Versioned<Ship>("ark", new Ship("Ark", 3), 1), created);
        Assert.Equal(created, await _ships.GetAsync("ark", Cancellation));
        Assert.Null(await _ships.GetAsync("argo", Cancellation));
        Assert.Equal("""{"Name":"Ark","Masts":3}""", System.Text.Encoding.UTF8.GetString((await _store.GetAsync("ship/ark", Cancellation))!.Value.Span));
    }

    [Fact]
    public async Task What_exists_is_not_created()
    {
        await _ships.CreateAsync("ark", new Ship("Ark", 3), cancellationToken: Cancellation);
        Assert.Null(await _ships.TryCreateAsync("ark", new Ship("other", 1), cancellationToken: Cancellation));
        var exists = await Assert.ThrowsAsync<StrakeException>(
            async () => await _ships.CreateAsync("ark", new Ship("other", 1), cancellationToken: Cancellation));
        Assert.Equal(ErrorKind.AlreadyExists, exists.Kind);
    }

    [Fact]
    public async Task A_replacement_expects_the_revision()
    {
        var first = await _ships.CreateAsync("ark", new Ship("Ark", 3), cancellationToken: Cancellation);
        var second = await _ships.ReplaceAsync("ark", new Ship("Ark", 2), first.Revision, cancellationToken: Cancellation);
        Assert.Null(await _ships.TryReplaceAsync("ark", new Ship("Ark", 1), first.Revision, cancellationToken: Cancellation));
        var conflict = await Assert.ThrowsAsync<StrakeException>(
            async () => await _ships.ReplaceAsync("ark", new Ship("Ark", 1), first.Revision, cancellationToken: Cancellation));
        Assert.Equal(ErrorKind.Conflict, conflict.Kind);
        Assert.Equal(second, await _ships.GetAsync("ark", Cancellation));
    }

    [Fact]
    public async Task Updates_of_many_are_all_made()
    {
        await _ships.CreateAsync("ark", new Ship("Ark", 0), cancellationToken: Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            async () => await _ships.UpdateAsync("ark", ship => ship with { Masts = ship.Masts + 1 }, cancellationToken: Cancellation), Cancellation)));
        Assert.Equal(20, (await _ships.GetAsync("ark", Cancellation))!.Value.Masts);
        var missing = await Assert.ThrowsAsync<StrakeException>(
            async () => await _ships.UpdateAsync("argo", ship => ship, cancellationToken: Cancellation));
        Assert.Equal(ErrorKind.NotFound, missing.Kind);
    }

    [Fact]
    public async Task A_delete_says_whether_there_was_one()
    {
        await _ships.CreateAsync("ark", new Ship("Ark", 3), cancellationToken: Cancellation);
        Assert.True(await _ships.DeleteAsync("ark", cancellationToken: Cancellation));
        Assert.False(await _ships.DeleteAsync("ark", cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Tables_take_part_in_one_transaction()
    {
        var first = await _ships.CreateAsync("old", new Ship("Ark", 3), cancellationToken: Cancellation);
        var rename = new StateTransaction();
        _ships.Expect(rename, "old", first.Revision);
        _ships.ExpectAbsent(rename, "new");
        _ships.Delete(rename, "old");
        _ships.Put(rename, "new", first.Value);
        Assert.True((await _store.CommitAsync(rename, Cancellation)).Succeeded);
        Assert.Equal("new", Assert.Single(await _ships.ListAsync(cancellationToken: Cancellation)).Id);
    }

    [Fact]
    public async Task A_bad_record_does_not_hide_the_good()
    {
        await _ships.CreateAsync("b", new Ship("B", 1), cancellationToken: Cancellation);
        await _store.CommitAsync(new StateTransaction().Put("ship/a", "{"u8.ToArray()).Put("ship/c", "null"u8.ToArray()), Cancellation);
        var unreadable = new List<string>();
        var good = await _ships.ListAsync((id, _) => unreadable.Add(id), Cancellation);
        Assert.Equal("b", Assert.Single(good).Id);
        Assert.Equal(["a", "c"], unreadable);
        var bad = await Assert.ThrowsAsync<StrakeException>(async () => await _ships.ListAsync(cancellationToken: Cancellation));
        Assert.Equal(ErrorKind.DataLoss, bad.Kind);
        Assert.Contains("ship/a", bad.Message, StringComparison.Ordinal);
    }

    internal sealed record Ship(string Name, int Masts);

    [JsonSerializable(typeof(Ship))]
    internal sealed partial class ShipJson : JsonSerializerContext;
}
