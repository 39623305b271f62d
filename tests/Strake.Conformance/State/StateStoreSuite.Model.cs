using Strake.State;

namespace Strake.Conformance.State;

public abstract partial class StateStoreSuite
{
    /// <summary>
    /// Random walks, each step done to the store and to a model that is too simple to be wrong: a list of whole states, one a revision.
    /// The seed is in the test's name; a failure names the step.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task A_random_walk_agrees_with_the_model(int seed)
    {
        var random = new Random(seed);
        var model = new StateModel();
        for (var step = 0; step < 400; step++)
        {
            switch (random.Next(20))
            {
                case 0 when KeepsRecords:
                    await ReopenAsync();
                    break;
                case 1 when model.Revision > 0:
                    var through = random.NextInt64(Math.Max(0, model.Revision - 20), model.Revision + 1);
                    await Store.CompactAsync(through, Cancellation);
                    model.Compacted = Math.Max(model.Compacted, through);
                    break;
                case 2 or 3:
                    await AssertSameHistoryAsync(model, random, step);
                    break;
                default:
                    await CommitBothAsync(model, random, step);
                    break;
            }

            Assert.True(model.Revision == Store.Revision, $"step {step}: revision {Store.Revision}, the model has {model.Revision}");
        }

        var expected = model.Entries.Select(e => (e.Key, e.Value, e.Created, e.Modified));
        var all = await Store.RangeAsync("", Cancellation);
        Assert.Equal(expected, all.Select(e => (e.Key, Text(e.Value), e.CreateRevision, e.ModRevision)));
    }

    async Task CommitBothAsync(StateModel model, Random random, int step)
    {
        var transaction = new StateTransaction(random.Next(10) == 0 ? Durability.Synced : Durability.Eventual);
        var expectations = new List<(string Key, long Revision)>();
        for (var i = random.Next(3); i > 0; i--)
        {
            var key = Key(random);
            var truth = model.Entries.FirstOrDefault(e => e.Key == key)?.Modified ?? 0;
            expectations.Add((key, random.Next(4) == 0 ? random.NextInt64(model.Revision + 1) : truth));
            transaction.Expect(expectations[^1].Key, expectations[^1].Revision);
        }

        var operations = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var i = random.Next(5); i > 0; i--) operations[Key(random)] = random.Next(3) == 0 ? null : $"{step}.{i}";
        foreach (var (key, value) in operations)
        {
            if (value is null) transaction.Delete(key);
            else transaction.Put(key, Bytes(value));
        }

        var result = await Store.CommitAsync(transaction, Cancellation);
        var failed = model.Commit(expectations, [.. operations]);
        Assert.True(failed == result.Failed?.Key, $"step {step}: failed {result.Failed?.Key}, the model {failed}");
        Assert.True(model.Revision == result.Revision, $"step {step}: made {result.Revision}, the model {model.Revision}");
    }

    async Task AssertSameHistoryAsync(StateModel model, Random random, int step)
    {
        if (model.Revision == model.Compacted) return;
        var from = random.NextInt64(model.Compacted + 1, model.Revision + 1);
        var prefix = random.Next(2) == 0 ? "" : "a";
        var expected = model.Events.Where(e => e.Revision >= from && e.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        var events = await TakeAsync(Store.WatchAsync(prefix, from, Cancellation), expected.Count);
        Assert.True(
            expected.Select(e => e.Text).SequenceEqual(events.Select(Show)),
            $"step {step}: history from {from}: {string.Join(", ", events.Select(Show))}");
        Assert.Equal(expected.Select(e => e.Previous), events.Select(e => e.Previous is null ? null : Text(e.Previous.Value)));
    }

    static string Key(Random random) => $"{"ab"[random.Next(2)]}{random.Next(6)}";
}
