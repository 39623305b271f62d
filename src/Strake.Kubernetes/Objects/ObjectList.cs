namespace Strake.Kubernetes.Objects;

/// <summary>Objects of one kind, all as of one revision, in the order of namespace and name.</summary>
/// <param name="Revision">The revision: a watch from the next one continues the list.</param>
/// <param name="Items">The objects.</param>
public sealed record ObjectList(long Revision, IReadOnlyList<StoredObject> Items);
