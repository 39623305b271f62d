using System.Text.Json.Serialization;

namespace Strake.Daemon.Building;

/// <summary>What is not as it should be in a Dockerfile.</summary>
/// <param name="Warnings">What.</param>
/// <param name="Sources">The file.</param>
sealed record LintBody(
    [property: JsonPropertyName("warnings")] IReadOnlyList<LintBody.Warning> Warnings,
    [property: JsonPropertyName("sources")] IReadOnlyList<LintBody.Source> Sources)
{
    /// <summary>A rule that is broken.</summary>
    public sealed record Warning(
        [property: JsonPropertyName("ruleName")] string Rule,
        [property: JsonPropertyName("description")] string Description,
        [property: JsonPropertyName("url")] string Url,
        [property: JsonPropertyName("detail")] string Detail,
        [property: JsonPropertyName("location")] SpotBody Location);

    /// <summary>A file.</summary>
    public sealed record Source(
        [property: JsonPropertyName("filename")] string Name,
        [property: JsonPropertyName("language")] string Language,
        [property: JsonPropertyName("data")] byte[] Data);
}
