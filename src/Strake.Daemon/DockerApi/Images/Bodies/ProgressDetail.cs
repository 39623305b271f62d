using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>How far an operation is. Zeros are not written, as in Go's <c>omitempty</c>: an empty object measures nothing.</summary>
/// <param name="Current">Bytes done.</param>
/// <param name="Total">Bytes in all; 0: unknown.</param>
sealed record ProgressDetail(
    [property: JsonPropertyName("current"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Current,
    [property: JsonPropertyName("total"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Total)
{
    /// <summary>No measure.</summary>
    public static ProgressDetail None { get; } = new(0, 0);
}
