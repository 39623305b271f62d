namespace Strake.Kubernetes.Schemas;

/// <summary>How two writers' versions of one list come together, <c>x-kubernetes-list-type</c>.</summary>
public enum ListForm
{
    /// <summary>They do not: the list is one value, and the last writer's.</summary>
    Atomic,

    /// <summary>A set of scalars: each is an item of its own.</summary>
    Set,

    /// <summary>Records told apart by the values of their <see cref="Schema.Keys"/>.</summary>
    Keyed,
}
