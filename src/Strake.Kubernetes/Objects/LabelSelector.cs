namespace Strake.Kubernetes.Objects;

/// <summary>Conditions on labels, all of which must hold: what stands in <c>-l</c> and <c>?labelSelector=</c>. Immutable.</summary>
/// <remarks>apimachinery <c>pkg/labels/selector.go</c>: <c>a=b, c!=d, e in (x,y), f notin (z), g, !h</c>.</remarks>
public sealed class LabelSelector
{
    readonly IReadOnlyList<LabelRequirement> requirements;

    LabelSelector(IReadOnlyList<LabelRequirement> requirements) => this.requirements = requirements;

    /// <summary>No condition: everything matches.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <summary>Whether everything matches.</summary>
    public bool IsEmpty => requirements.Count == 0;

    /// <summary>Reads a selector.</summary>
    /// <param name="text">The text; null or empty: everything.</param>
    /// <exception cref="StatusException">BadRequest: it is none.</exception>
    public static LabelSelector Parse(string? text) =>
        string.IsNullOrWhiteSpace(text) ? Everything : new([.. Split(text).Select(LabelRequirement.Parse)]);

    /// <summary>Whether labels meet all conditions.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels) => requirements.All(requirement => requirement.Matches(labels));

    // At the commas outside of parentheses.
    static List<string> Split(string text)
    {
        var parts = new List<string>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] != ',' || depth != 0) continue;
            parts.Add(text[start..i]);
            start = i + 1;
        }

        parts.Add(text[start..]);
        return parts;
    }
}
