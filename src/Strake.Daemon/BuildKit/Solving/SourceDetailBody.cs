using System.Text.Json.Serialization;

namespace Strake.Daemon.BuildKit.Solving;

/// <summary>The detail of an error from which clients draw lines of the Dockerfile.</summary>
/// <param name="Info">The file.</param>
/// <param name="Ranges">The lines.</param>
/// <remarks>buildkit <c>solver/errdefs/errdefs.proto</c>, as Go's JSON.</remarks>
sealed record SourceDetailBody(
    [property: JsonPropertyName("info")] SourceDetailBody.File Info,
    [property: JsonPropertyName("ranges")] IReadOnlyList<SourceDetailBody.Range> Ranges)
{
    /// <summary>The file.</summary>
    public sealed record File(
        [property: JsonPropertyName("filename")] string Name,
        [property: JsonPropertyName("data")] byte[] Data,
        [property: JsonPropertyName("language")] string Language);

    /// <summary>Lines.</summary>
    public sealed record Range([property: JsonPropertyName("start")] Position Start, [property: JsonPropertyName("end")] Position End);

    /// <summary>A place.</summary>
    public sealed record Position([property: JsonPropertyName("line")] int Line);
}
