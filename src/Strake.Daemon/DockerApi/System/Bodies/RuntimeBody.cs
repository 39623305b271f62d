using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>An OCI runtime.</summary>
sealed record RuntimeBody([property: JsonPropertyName("path")] string Path);
