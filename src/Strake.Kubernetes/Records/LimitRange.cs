using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A LimitRange: how large a single object of a namespace may be.</summary>
/// <param name="Metadata">What it says of itself.</param>
/// <param name="Items">The limits by type of object.</param>
public sealed record LimitRange(Metadata Metadata, ValueList<LimitRangeItem> Items)
{
    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static LimitRange Read(JsonElement document) => new(Metadata.Read(document), document.At("spec").List("limits", LimitRangeItem.Read));
}
