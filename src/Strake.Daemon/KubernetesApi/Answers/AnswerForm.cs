namespace Strake.Daemon.KubernetesApi;

/// <summary>The form in which a client wants objects.</summary>
/// <param name="Kind">Objects whole, as a table, or their metadata alone.</param>
/// <param name="Version">The version of table or metadata, <c>v1</c>; empty for whole objects.</param>
sealed record AnswerForm(AnswerKind Kind, string Version)
{
    /// <summary>Objects whole.</summary>
    public static AnswerForm Whole { get; } = new(AnswerKind.Object, "");

    /// <summary>Reads the header <c>Accept</c>: the first of its forms that is known.</summary>
    /// <param name="accept">The header; empty: anything.</param>
    /// <returns>Null when none is.</returns>
    public static AnswerForm? Parse(string accept)
    {
        if (string.IsNullOrWhiteSpace(accept)) return Whole;
        return accept.Split(',', StringSplitOptions.TrimEntries).Select(ParseOne).FirstOrDefault(static form => form is not null);
    }

    static AnswerForm? ParseOne(string text)
    {
        string[] parts = text.Split(';', StringSplitOptions.TrimEntries);
        if (parts[0] is KubernetesExchange.YamlType) return Whole;
        if (parts[0] is not ("application/json" or "application/*" or "*/*")) return null;
        string version = Parameter(parts, "v") ?? "v1";
        return Parameter(parts, "as") switch
        {
            null => Whole,
            "Table" when version is "v1" or "v1beta1" => new(AnswerKind.Table, version),
            "PartialObjectMetadata" or "PartialObjectMetadataList" when version is "v1" or "v1beta1" => new(AnswerKind.Metadata, version),
            _ => null,
        };
    }

    static string? Parameter(string[] parts, string name) =>
        parts.Skip(1).Where(part => part.StartsWith(name + "=", StringComparison.Ordinal)).Select(part => part[(name.Length + 1)..]).FirstOrDefault();
}
