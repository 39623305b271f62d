using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>Why an operation failed.</summary>
/// <param name="Message">For a person.</param>
/// <param name="Code">What a client ends with; 0: it says nothing.</param>
sealed record ProgressError(
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("code"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Code = 0);
