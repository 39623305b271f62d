using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Records;

/// <summary>Amounts of resources by their names, such as the limits of a quota: immutable, in the order of the names, equal by value.</summary>
public sealed class ResourceAmounts : IReadOnlyCollection<KeyValuePair<string, Quantity>>, IEquatable<ResourceAmounts>
{
    readonly ImmutableSortedDictionary<string, Quantity> amounts;

    ResourceAmounts(ImmutableSortedDictionary<string, Quantity> amounts) => this.amounts = amounts;

    /// <summary>Nothing.</summary>
    public static ResourceAmounts Empty { get; } = new(ImmutableSortedDictionary.Create<string, Quantity>(StringComparer.Ordinal));

    /// <inheritdoc/>
    public int Count => amounts.Count;

    /// <summary>The names.</summary>
    public IEnumerable<string> Names => amounts.Keys;

    /// <summary>The amount of a name; nothing when there is none.</summary>
    /// <param name="name">The name.</param>
    public Quantity this[string name] => amounts.GetValueOrDefault(name);

    /// <summary>Some amounts.</summary>
    /// <param name="amounts">Names and amounts.</param>
    public static ResourceAmounts Of(params ReadOnlySpan<(string Name, Quantity Amount)> amounts)
    {
        ResourceAmounts made = Empty;
        foreach ((string name, Quantity amount) in amounts) made = made.With(name, amount);
        return made;
    }

    /// <summary>These with one more, in the place of one of the same name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="amount">The amount.</param>
    public ResourceAmounts With(string name, Quantity amount) => new(amounts.SetItem(name, amount));

    /// <summary>Whether a name is among them.</summary>
    /// <param name="name">The name.</param>
    public bool Has(string name) => amounts.ContainsKey(name);

    /// <summary>The sums, name by name.</summary>
    /// <param name="other">What is added.</param>
    public ResourceAmounts Plus(ResourceAmounts other) => other.amounts.Aggregate(this, static (sum, next) => sum.With(next.Key, sum[next.Key].Plus(next.Value)));

    /// <summary>The differences, name by name.</summary>
    /// <param name="other">What is taken away.</param>
    public ResourceAmounts Minus(ResourceAmounts other) => other.amounts.Aggregate(this, static (sum, next) => sum.With(next.Key, sum[next.Key].Minus(next.Value)));

    /// <summary>Those of some names; of a name that is not among these, nothing.</summary>
    /// <param name="names">The names.</param>
    public ResourceAmounts Only(IEnumerable<string> names) => names.Aggregate(Empty, (some, name) => some.With(name, this[name]));

    /// <summary>Reads them from a document.</summary>
    /// <param name="element">An object of names and quantities.</param>
    public static ResourceAmounts Read(JsonElement element) => element.ValueKind is not JsonValueKind.Object
        ? Empty
        : element.EnumerateObject().Aggregate(Empty, (all, field) => element.Quantity(field.Name) is { } amount ? all.With(field.Name, amount) : all);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Quantity>> GetEnumerator() => amounts.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ResourceAmounts? other) => other is not null && amounts.SequenceEqual(other.amounts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ResourceAmounts);

    /// <inheritdoc/>
    public override int GetHashCode() => amounts.Count;

    /// <summary>The form that messages have: <c>a=1,b=2Gi</c>.</summary>
    public override string ToString() => string.Join(',', amounts.Select(static entry => $"{entry.Key}={entry.Value}"));
}
