using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Garbage;

/// <summary>An object that may have to go, or that others may have to go before.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
public readonly record struct GarbageKey(ResourceKind Kind, ObjectName Name)
{
    /// <summary>Resource and name, for messages.</summary>
    public override string ToString() => $"{Kind.QualifiedPlural}/{(Name.Namespace.Length > 0 ? Name.Namespace + "/" : "")}{Name.Name}";
}
