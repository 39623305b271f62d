using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>Which objects of a kind are meant.</summary>
/// <param name="Kind">The kind as which they are served.</param>
/// <param name="Namespace">The namespace; null: all.</param>
/// <param name="Labels">Conditions on labels.</param>
/// <param name="Fields">Conditions on fields.</param>
public sealed record Selection(ResourceKind Kind, string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    /// <summary>Whether an object is meant.</summary>
    public bool Matches(StoredObject item) =>
        Fields.Matches(item, Kind) && (Labels.IsEmpty || Labels.Matches(ObjectJson.Labels(item.Json.Span)));
}
