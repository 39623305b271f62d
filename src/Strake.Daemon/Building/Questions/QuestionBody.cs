using System.Text.Json.Serialization;

namespace Strake.Daemon.Building;

/// <summary>A question that clients may ask.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version of its answer.</param>
/// <param name="Description">What it asks.</param>
/// <param name="Result">The name of the answer.</param>
sealed record QuestionBody(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonIgnore] string Result)
{
    /// <summary>How it is asked.</summary>
    [JsonPropertyName("type")]
    public string Type => "rpc";

    /// <summary>What is in the answer.</summary>
    [JsonPropertyName("metadata")]
    public IReadOnlyList<Named> Metadata => [new(Result)];

    /// <summary>A part of an answer.</summary>
    /// <param name="Name">Its name.</param>
    public sealed record Named([property: JsonPropertyName("Name")] string Name);
}
