using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>Which nodes are meant: those that one of the terms matches.</summary>
/// <param name="Terms">The ways to be one.</param>
public sealed record NodeSelector(ValueList<NodeSelectorTerm> Terms)
{
    /// <summary>Whether a node is one of them.</summary>
    /// <param name="node">The node.</param>
    public bool Matches(NodeView node) => Terms.Any(term => term.Matches(node));

    /// <summary>Reads one from a document; null when there is none.</summary>
    /// <param name="element">An object with nodeSelectorTerms.</param>
    public static NodeSelector? Read(JsonElement element) =>
        element.ValueKind is JsonValueKind.Object ? new NodeSelector(element.List("nodeSelectorTerms", NodeSelectorTerm.Read)) : null;
}
