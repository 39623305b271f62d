using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;

namespace Strake.Kubernetes.Objects;

/// <summary>A change of one object among several that are made together.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="ExpectedRevision">Its version as the decision saw it: the change is refused when it was written since; 0: it must not exist.</param>
/// <param name="Document">What it is to be; null: it goes at once, whatever holds it.</param>
public sealed record ObjectWrite(ResourceKind Kind, ObjectName Name, long ExpectedRevision, JsonObject? Document)
{
    /// <summary>A change of an object that was read.</summary>
    /// <param name="current">The object as the decision saw it.</param>
    /// <param name="document">What it is to be; null: it goes at once, whatever holds it.</param>
    public ObjectWrite(StoredObject current, JsonObject? document)
        : this(current.Kind, current.Name, current.Revision, document)
    {
    }
}
