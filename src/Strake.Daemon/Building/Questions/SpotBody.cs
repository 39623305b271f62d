using System.Text.Json.Serialization;
using Strake.Build;

namespace Strake.Daemon.Building;

/// <summary>Where something stands in a Dockerfile.</summary>
/// <param name="Ranges">Its lines.</param>
sealed record SpotBody([property: JsonPropertyName("ranges")] IReadOnlyList<SpotBody.Range> Ranges)
{
    /// <summary>Which of the sources it is in.</summary>
    [JsonPropertyName("sourceIndex")]
    public int SourceIndex => 0;

    /// <summary>Lines as JSON.</summary>
    public static SpotBody Of(SourceLines lines) => new([new Range(new(lines.Start), new(lines.End))]);

    /// <summary>Lines.</summary>
    public sealed record Range([property: JsonPropertyName("start")] Position Start, [property: JsonPropertyName("end")] Position End);

    /// <summary>A place.</summary>
    public sealed record Position([property: JsonPropertyName("line")] int Line);
}
