using System.Collections;

namespace Strake.Grpc;

/// <summary>
/// What goes with a call beside its messages: names and values, in order; a name may come several times. Names are in lower case; values are
/// visible ASCII, and of names that end in <c>-bin</c> bytes in base64.
/// </summary>
/// <remarks>gRPC <c>doc/PROTOCOL-HTTP2.md</c>, <c>Custom-Metadata</c>.</remarks>
public sealed class GrpcMetadata : IReadOnlyList<KeyValuePair<string, string>>
{
    readonly List<KeyValuePair<string, string>> entries = [];

    /// <summary>Metadata that nobody adds to.</summary>
    internal static GrpcMetadata Empty { get; } = new();

    /// <inheritdoc/>
    public int Count => entries.Count;

    /// <inheritdoc/>
    public KeyValuePair<string, string> this[int index] => entries[index];

    /// <summary>Adds a value; one that is there under the name stays.</summary>
    /// <param name="name">The name; becomes lower case.</param>
    /// <param name="value">The value: visible ASCII and blanks.</param>
    /// <exception cref="ArgumentException">The value has characters that a header cannot carry.</exception>
    public void Add(string name, string value)
    {
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~')) throw new ArgumentException($"metadata {name} has characters that a header cannot carry", nameof(value));
        entries.Add(new(name.ToLowerInvariant(), value));
    }

    /// <summary>Adds bytes.</summary>
    /// <param name="name">The name; must end in <c>-bin</c>.</param>
    /// <param name="value">The bytes.</param>
    /// <exception cref="ArgumentException">The name does not end so.</exception>
    public void AddBytes(string name, ReadOnlySpan<byte> value)
    {
        if (!name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase)) throw new ArgumentException($"metadata {name} with bytes must end in -bin", nameof(name));
        Add(name, Base64Text.Encode(value));
    }

    /// <summary>The first value of a name; null where there is none.</summary>
    public string? Find(string name)
    {
        foreach ((string key, string value) in entries)
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase)) return value;
        return null;
    }

    /// <summary>The bytes of a name that ends in <c>-bin</c>; null where there is none, or they are no base64.</summary>
    public byte[]? FindBytes(string name) => Find(name) is { } text ? Base64Text.TryDecode(text) : null;

    /// <summary>All values of a name, in order.</summary>
    public IReadOnlyList<string> All(string name) =>
        [.. entries.Where(entry => string.Equals(entry.Key, name, StringComparison.OrdinalIgnoreCase)).Select(static entry => entry.Value)];

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => entries.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds what came in a header, whatever it holds.</summary>
    internal void AddReceived(string name, string value) => entries.Add(new(name.ToLowerInvariant(), value));
}
