using System.Globalization;
using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>One thing that labels must be like.</summary>
/// <param name="Key">The label's name.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Values">With what.</param>
public sealed record SelectorRequirement(string Key, SelectorOperator Operator, ValueList<string> Values)
{
    /// <summary>Whether a label meets it.</summary>
    /// <param name="value">The label's value; null when there is no such label.</param>
    public bool IsMetBy(string? value) => Operator switch
    {
        SelectorOperator.In => value is not null && Values.Contains(value),
        SelectorOperator.NotIn => value is null || !Values.Contains(value),
        SelectorOperator.Exists => value is not null,
        SelectorOperator.DoesNotExist => value is null,
        SelectorOperator.Gt => Compare(value) > 0,
        SelectorOperator.Lt => Compare(value) < 0,
        SelectorOperator.Unknown => false,
        _ => throw new InvalidOperationException($"no operator of a requirement: {Operator}"),
    };

    /// <summary>Reads one from a document.</summary>
    /// <param name="element">An item of matchExpressions or matchFields.</param>
    public static SelectorRequirement Read(JsonElement element) =>
        new(element.Text("key"), element.Word("operator", SelectorOperator.Unknown), element.Texts("values"));

    int Compare(string? value) =>
        Values is [var bound] && TryNumber(value, out long number) && TryNumber(bound, out long limit) ? number.CompareTo(limit) : 0;

    static bool TryNumber(string? text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
