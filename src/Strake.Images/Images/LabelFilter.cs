namespace Strake.Images;

/// <summary>The filters <c>label</c> and <c>label!</c>.</summary>
static class LabelFilter
{
    /// <summary>Whether labels have all that is wanted and none that is not; each is <c>key</c> or <c>key=value</c>.</summary>
    public static bool Matches(IReadOnlyDictionary<string, string> labels, IReadOnlyList<string> wanted, IReadOnlyList<string> unwanted) =>
        wanted.All(w => Has(labels, w)) && !unwanted.Any(u => Has(labels, u));

    static bool Has(IReadOnlyDictionary<string, string> labels, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? labels.ContainsKey(text)
            : labels.TryGetValue(text[..equals], out var value) && string.Equals(value, text[(equals + 1)..], StringComparison.Ordinal);
    }
}
