using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>One step by which an image came to be, oldest first in its config.</summary>
/// <remarks>OCI image specification, config.md, "history".</remarks>
public sealed record HistoryEntry
{
    /// <summary>When, in RFC 3339, as written.</summary>
    [JsonPropertyName("created")]
    public string? Created { get; init; }

    /// <summary>Who.</summary>
    [JsonPropertyName("author")]
    public string? Author { get; init; }

    /// <summary>The command.</summary>
    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }

    /// <summary>A comment.</summary>
    [JsonPropertyName("comment")]
    public string? Comment { get; init; }

    /// <summary>True when the step changed no file, so that it has no layer.</summary>
    [JsonPropertyName("empty_layer")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EmptyLayer { get; init; }

    /// <summary>When; null when absent.</summary>
    [JsonIgnore]
    public DateTimeOffset? CreatedAt => Rfc3339.TryParse(Created, out var time) ? time : null;
}
