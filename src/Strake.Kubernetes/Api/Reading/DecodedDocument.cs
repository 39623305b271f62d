using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>A document as its schema has it, and what it had beside that.</summary>
/// <param name="Document">The document: known fields alone, none null.</param>
/// <param name="Oddities">Unknown and repeated fields, in the words in which clients are told: <c>unknown field "spec.foo"</c>.</param>
public sealed record DecodedDocument(JsonObject Document, IReadOnlyList<string> Oddities)
{
    /// <summary>Values of other types than their fields', which are not in the document; of built-in kinds they are refused before.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];
}
