using System.Text.Json.Serialization;

namespace Strake.Daemon.Server;

/// <summary>The body of every failed answer of the Docker API.</summary>
/// <param name="Message">What went wrong, for a person.</param>
sealed record ErrorBody([property: JsonPropertyName("message")] string Message);
