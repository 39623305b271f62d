namespace Strake.Kubernetes.Objects;

/// <summary>An object among those of its kind.</summary>
/// <param name="Namespace">The namespace; empty for kinds without.</param>
/// <param name="Name">The name.</param>
public sealed record ObjectName(string Namespace, string Name)
{
    /// <summary>As people write it: <c>namespace/name</c>, or the name alone.</summary>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
