using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>A part of a list.</summary>
/// <param name="Revision">The revision of the whole list.</param>
/// <param name="Items">The objects of this part.</param>
/// <param name="Continue">What to ask for the next part with; empty: this is the last.</param>
/// <param name="Remaining">How many objects follow; null: unknown, for there are conditions.</param>
public sealed record ListPage(long Revision, IReadOnlyList<StoredObject> Items, string Continue, long? Remaining);
