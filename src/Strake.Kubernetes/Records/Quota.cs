using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A ResourceQuota: what a namespace may have in all.</summary>
/// <param name="Metadata">What it says of itself.</param>
/// <param name="Hard">The limits.</param>
/// <param name="Used">What there is, as it was last written.</param>
public sealed record Quota(Metadata Metadata, ResourceAmounts Hard, ResourceAmounts Used)
{
    /// <summary>What objects must be to count, all of it; none: all count.</summary>
    public ValueList<SelectorRequirement> Scopes { get; init; } = [];

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static Quota Read(JsonElement document) =>
        new(Metadata.Read(document), ResourceAmounts.Read(document.At("spec", "hard")), ResourceAmounts.Read(document.At("status", "used")))
        {
            Scopes =
            [
                .. document.At("spec").Texts("scopes").Select(static name => new SelectorRequirement(name, SelectorOperator.Exists, [])),
                .. document.At("spec", "scopeSelector").List("matchExpressions", static one =>
                    new SelectorRequirement(one.Text("scopeName"), one.Word("operator", SelectorOperator.Unknown), one.Texts("values"))),
            ],
        };
}
