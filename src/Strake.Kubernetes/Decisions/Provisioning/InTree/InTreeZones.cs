using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>How zones are named, in-tree and by drivers.</summary>
static class InTreeZones
{
    /// <summary>The label of nodes and volumes.</summary>
    public const string Label = "topology.kubernetes.io/zone";

    /// <summary>Its older name.</summary>
    public const string BetaLabel = "failure-domain.beta.kubernetes.io/zone";

    /// <summary>Whether a class's parameter names zones.</summary>
    public static bool IsZones(string parameter) => parameter.Equals("zone", StringComparison.OrdinalIgnoreCase) || parameter.Equals("zones", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a label names a zone in-tree.</summary>
    public static bool IsZoneLabel(string label) => label is Label or BetaLabel;

    /// <summary>The same nodes, by the driver's label.</summary>
    public static NodeSelector ToCsi(NodeSelector selector, string label) => Renamed(selector, key => IsZoneLabel(key) ? label : key);

    /// <summary>The same nodes, by the in-tree label.</summary>
    public static NodeSelector ToInTree(NodeSelector selector, string label) => Renamed(selector, key => key == label ? Label : key);

    /// <summary>The topology that a class's zone parameters mean; none when it has no such parameters.</summary>
    public static ValueList<NodeSelectorTerm> TopologyOf(TextMap parameters, string label)
    {
        string[] zones = [.. parameters.Where(static entry => IsZones(entry.Key)).SelectMany(static entry => entry.Value.Split(','))];
        return zones.Length == 0 ? [] : [new NodeSelectorTerm([new SelectorRequirement(label, SelectorOperator.In, [.. zones])], [])];
    }

    static NodeSelector Renamed(NodeSelector selector, Func<string, string> rename) => new(
    [
        .. selector.Terms.Select(term => term with { Labels = [.. term.Labels.Select(requirement => requirement with { Key = rename(requirement.Key) })] }),
    ]);
}
