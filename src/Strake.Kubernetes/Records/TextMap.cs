using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Strake.Kubernetes.Records;

/// <summary>Names and texts, such as labels, annotations and parameters: immutable, in the order of the names, equal by value.</summary>
public sealed class TextMap : IReadOnlyDictionary<string, string>, IEquatable<TextMap>
{
    readonly ImmutableSortedDictionary<string, string> entries;

    TextMap(ImmutableSortedDictionary<string, string> entries) => this.entries = entries;

    /// <summary>The map without entries.</summary>
    public static TextMap Empty { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <inheritdoc/>
    public int Count => entries.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => entries.Keys;

    /// <inheritdoc/>
    public IEnumerable<string> Values => entries.Values;

    /// <inheritdoc/>
    public string this[string key] => entries[key];

    /// <summary>The map of some entries; of two with one name the later stands.</summary>
    /// <param name="entries">Names and texts.</param>
    public static TextMap Of(IEnumerable<KeyValuePair<string, string>> entries)
    {
        ImmutableSortedDictionary<string, string> made = Empty.entries.SetItems(entries);
        return made.IsEmpty ? Empty : new TextMap(made);
    }

    /// <summary>The map of some entries.</summary>
    /// <param name="entries">Names and texts.</param>
    public static TextMap Of(params ReadOnlySpan<(string Key, string Value)> entries)
    {
        TextMap map = Empty;
        foreach ((string key, string value) in entries) map = map.With(key, value);
        return map;
    }

    /// <summary>This map with an entry, in the place of one with the same name.</summary>
    /// <param name="key">The name.</param>
    /// <param name="value">The text.</param>
    public TextMap With(string key, string value) => entries.TryGetValue(key, out string? had) && had == value ? this : new TextMap(entries.SetItem(key, value));

    /// <summary>This map without an entry.</summary>
    /// <param name="key">Its name.</param>
    public TextMap Without(string key) => entries.ContainsKey(key) ? new TextMap(entries.Remove(key)) : this;

    /// <summary>The text of a name, or null.</summary>
    /// <param name="key">The name.</param>
    public string? Find(string key) => entries.GetValueOrDefault(key);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => entries.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => entries.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(TextMap? other) => other is not null && (ReferenceEquals(this, other) || entries.SequenceEqual(other.entries));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TextMap);

    /// <inheritdoc/>
    public override int GetHashCode() => entries.Count;

    /// <summary>The entries, for messages of tests and logs.</summary>
    public override string ToString() => $"{{{string.Join(", ", entries.Select(static entry => $"{entry.Key}={entry.Value}"))}}}";
}
