namespace Strake.Kubernetes.Records;

/// <summary>Where an object of a kind is found.</summary>
/// <param name="Namespace">Its namespace; empty for objects that have none.</param>
/// <param name="Name">Its name.</param>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    /// <summary>The key as messages have it: <c>namespace/name</c>, or the name alone.</summary>
    public override string ToString() => Namespace.Length > 0 ? $"{Namespace}/{Name}" : Name;
}
