using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>One way to be a node that is meant.</summary>
/// <param name="Labels">What its labels must be like, all of it.</param>
/// <param name="Fields">What its fields must be like; the name is the only one.</param>
public sealed record NodeSelectorTerm(ValueList<SelectorRequirement> Labels, ValueList<SelectorRequirement> Fields)
{
    /// <summary>Whether a node is as required. A term that requires nothing means no node.</summary>
    /// <param name="node">The node.</param>
    public bool Matches(NodeView node) => Labels.Count + Fields.Count > 0
        && Labels.All(requirement => requirement.IsMetBy(node.Metadata.Labels.Find(requirement.Key)))
        && Fields.All(requirement => requirement.Key is "metadata.name" && requirement.IsMetBy(node.Metadata.Name));

    /// <summary>Reads one from a document.</summary>
    /// <param name="element">An item of nodeSelectorTerms.</param>
    public static NodeSelectorTerm Read(JsonElement element) =>
        new(element.List("matchExpressions", SelectorRequirement.Read), element.List("matchFields", SelectorRequirement.Read));

    /// <summary>Reads one from a class.</summary>
    /// <param name="element">An item of allowedTopologies: names and values of labels, without operators.</param>
    public static NodeSelectorTerm ReadTopology(JsonElement element) => new(
        element.List("matchLabelExpressions", static expression => new SelectorRequirement(expression.Text("key"), SelectorOperator.In, expression.Texts("values"))),
        []);
}
