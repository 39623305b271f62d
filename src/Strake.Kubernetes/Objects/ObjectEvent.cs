namespace Strake.Kubernetes.Objects;

/// <summary>A change of an object.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Object">The object after it; of a deletion, its last state with the deletion's revision.</param>
/// <param name="Previous">The object before it; null when it was created.</param>
public sealed record ObjectEvent(ObjectEventKind Kind, StoredObject Object, StoredObject? Previous);
