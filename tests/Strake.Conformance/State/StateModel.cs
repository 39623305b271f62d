namespace Strake.Conformance.State;

/// <summary>A store as one would explain it on paper: for <see cref="StateStoreSuite"/> to compare with.</summary>
sealed class StateModel
{
    public long Revision { get; private set; }

    public long Compacted { get; set; }

    /// <summary>In key order.</summary>
    public IEnumerable<Record> Entries => Records.OrderBy(e => e.Key, StringComparer.Ordinal);

    public List<Event> Events { get; } = [];

    List<Record> Records { get; } = [];

    /// <summary>Applies a transaction.</summary>
    /// <returns>The key of the first expectation that fails; null when it is applied.</returns>
    public string? Commit(IReadOnlyList<(string Key, long Revision)> expectations, KeyValuePair<string, string?>[] operations)
    {
        foreach (var (key, revision) in expectations)
            if ((Find(key)?.Modified ?? 0) != revision) return key;
        var next = Revision + 1;
        foreach (var (key, value) in operations)
        {
            var before = Find(key);
            if (value is null && before is null) continue;
            Records.RemoveAll(e => e.Key == key);
            if (value is not null) Records.Add(new Record(key, value, before?.Created ?? next, next));
            Events.Add(new Event(next, key, value is null ? $"{next} {key} gone" : $"{next} {key}={value}", before?.Value));
            Revision = next;
        }

        return null;
    }

    Record? Find(string key) => Records.Find(e => e.Key == key);

    public sealed record Record(string Key, string Value, long Created, long Modified);

    public sealed record Event(long Revision, string Key, string Text, string? Previous);
}
