namespace Strake.Kubernetes.Controllers;

/// <summary>Objects of one moment.</summary>
/// <param name="Revision">The moment: watching from it on misses nothing and repeats nothing.</param>
/// <param name="Objects">All objects of the kinds asked for.</param>
public sealed record ObjectList(long Revision, IReadOnlyList<StoredObject> Objects);
