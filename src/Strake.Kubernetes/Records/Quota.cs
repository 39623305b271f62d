using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A ResourceQuota: what a namespace may have in all.</summary>
/// <param name="Metadata">What it says of itself.</param>
/// <param name="Hard">The limits.</param>
/// <param name="Used">What there is, as it was last written.</param>
public sealed record Quota(Metadata Metadata, ResourceAmounts Hard, ResourceAmounts Used)
{
    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static Quota Read(JsonElement document) =>
        new(Metadata.Read(document), ResourceAmounts.Read(document.At("spec", "hard")), ResourceAmounts.Read(document.At("status", "used")));
}
