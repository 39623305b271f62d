namespace Strake.Kubernetes.Objects;

/// <summary>One condition on a label.</summary>
/// <param name="Key">The label.</param>
/// <param name="Operator">How key and values relate.</param>
/// <param name="Values">The values, for <see cref="LabelOperator.In"/> and <see cref="LabelOperator.NotIn"/>.</param>
public sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    /// <summary>Reads a condition in one of its forms.</summary>
    /// <exception cref="StatusException">BadRequest: it has none of them.</exception>
    public static LabelRequirement Parse(string text)
    {
        string trimmed = text.Trim();
        LabelRequirement requirement = Read(trimmed);
        if (ObjectNames.CheckKey(requirement.Key) is { } wrong) throw Refuse(trimmed, $"key {requirement.Key}: {wrong}");
        foreach (string value in requirement.Values)
            if (ObjectNames.CheckLabelValue(value) is { } bad) throw Refuse(trimmed, $"value {value}: {bad}");
        return requirement;
    }

    /// <summary>Whether labels meet the condition. A missing label is in no set: it meets <see cref="LabelOperator.NotIn"/>.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        bool has = labels.TryGetValue(Key, out string? value);
        return Operator switch
        {
            LabelOperator.Exists => has,
            LabelOperator.DoesNotExist => !has,
            LabelOperator.In => has && Values.Contains(value!),
            LabelOperator.NotIn => !has || !Values.Contains(value!),
            _ => throw new InvalidOperationException($"label operator {Operator}"),
        };
    }

    static LabelRequirement Read(string text)
    {
        if (text.StartsWith('!')) return new(text[1..].Trim(), LabelOperator.DoesNotExist, []);
        if (text.EndsWith(')')) return ReadSet(text);
        foreach ((string sign, LabelOperator meaning) in ((string, LabelOperator)[])[("!=", LabelOperator.NotIn), ("==", LabelOperator.In), ("=", LabelOperator.In)])
        {
            int at = text.IndexOf(sign, StringComparison.Ordinal);
            if (at >= 0) return new(text[..at].Trim(), meaning, [text[(at + sign.Length)..].Trim()]);
        }

        return new(text, LabelOperator.Exists, []);
    }

    static LabelRequirement ReadSet(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        string[] words = open < 0 ? [] : text[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is not [var key, "in" or "notin"]) throw Refuse(text, "it has to be key in (values) or key notin (values)");
        string[] values = text[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
        return new(key, words[1] == "in" ? LabelOperator.In : LabelOperator.NotIn, values);
    }

    static StatusException Refuse(string text, string why) => StatusException.BadRequest($"unable to parse requirement: {text}: {why}");
}
