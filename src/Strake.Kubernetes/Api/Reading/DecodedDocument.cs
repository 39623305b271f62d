using System.Text.Json.Nodes;

namespace Strake.Kubernetes.Api;

/// <summary>A document as its schema has it, and what it had beside that.</summary>
/// <param name="Document">The document: known fields alone, none null.</param>
/// <param name="Oddities">Unknown and repeated fields, in the words in which clients are told: <c>unknown field "spec.foo"</c>.</param>
public sealed record DecodedDocument(JsonObject Document, IReadOnlyList<string> Oddities);
