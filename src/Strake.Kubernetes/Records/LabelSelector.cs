using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>Which objects are meant, by their labels. One without requirements means all.</summary>
/// <param name="Requirements">What labels must be like, all of it.</param>
public sealed record LabelSelector(ValueList<SelectorRequirement> Requirements)
{
    /// <summary>Whether labels are as required.</summary>
    /// <param name="labels">The labels of an object.</param>
    public bool Matches(TextMap labels)
    {
        foreach (SelectorRequirement requirement in Requirements)
            if (!requirement.IsMetBy(labels.Find(requirement.Key))) return false;
        return true;
    }

    /// <summary>Reads one from a document; null when there is none.</summary>
    /// <param name="element">A selector with matchLabels and matchExpressions.</param>
    public static LabelSelector? Read(JsonElement element) => element.ValueKind is not JsonValueKind.Object ? null : new LabelSelector(
    [
        .. element.Map("matchLabels").Select(static label => new SelectorRequirement(label.Key, SelectorOperator.In, [label.Value])),
        .. element.List("matchExpressions", SelectorRequirement.Read),
    ]);
}
