using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>How far an operation is.</summary>
/// <param name="Current">Bytes done.</param>
/// <param name="Total">Bytes in all; 0: unknown.</param>
sealed record ProgressDetail([property: JsonPropertyName("current")] long Current, [property: JsonPropertyName("total")] long Total);
