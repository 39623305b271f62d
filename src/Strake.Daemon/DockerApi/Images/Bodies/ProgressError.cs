using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>Why an operation failed.</summary>
/// <param name="Message">For a person.</param>
sealed record ProgressError([property: JsonPropertyName("message")] string Message);
