using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Strake.Kubernetes.Records;

/// <summary>An immutable list that equals another of the same items in the same order, so that records that have one compare by value.</summary>
/// <typeparam name="T">What it holds.</typeparam>
[CollectionBuilder(typeof(ValueListBuilder), nameof(ValueListBuilder.Create))]
public sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    readonly ImmutableArray<T> items;

    internal ValueList(ImmutableArray<T> items) => this.items = items;

    /// <summary>The list without items.</summary>
    public static ValueList<T> Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <inheritdoc/>
    public T this[int index] => items[index];

    /// <summary>This list with one item more at its end.</summary>
    /// <param name="item">The item.</param>
    public ValueList<T> With(T item) => new(items.Add(item));

    /// <summary>This list without an item; itself when it has none such.</summary>
    /// <param name="item">The item.</param>
    public ValueList<T> Without(T item) => items.Contains(item) ? new ValueList<T>(items.Remove(item)) : this;

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ValueList<T>? other) => other is not null && items.SequenceEqual(other.items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => items.IsEmpty ? 0 : HashCode.Combine(items.Length, items[0]);

    /// <summary>The items, for messages of tests and logs.</summary>
    public override string ToString() => $"[{string.Join(", ", items)}]";
}
