namespace Strake.Kubernetes.Records;

/// <summary>Makes lists of collection expressions.</summary>
public static class ValueListBuilder
{
    /// <summary>The list of some items.</summary>
    /// <param name="items">The items.</param>
    /// <typeparam name="T">What they are.</typeparam>
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => items.IsEmpty ? ValueList<T>.Empty : new ValueList<T>([.. items]);
}
