using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>A line of a progress stream; null members are not written.</summary>
sealed record ProgressLine
{
    /// <summary>Text for the user as it is.</summary>
    [JsonPropertyName("stream")]
    public string? Stream { get; init; }

    /// <summary>What is being done.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    /// <summary>How far it is.</summary>
    [JsonPropertyName("progressDetail")]
    public ProgressDetail? Detail { get; init; }

    /// <summary>To what it is being done.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>Why it failed.</summary>
    [JsonPropertyName("errorDetail")]
    public ProgressError? ErrorDetail { get; init; }

    /// <summary>Why it failed, for older clients.</summary>
    [JsonPropertyName("error")]
    public string? Error { get; init; }
}
