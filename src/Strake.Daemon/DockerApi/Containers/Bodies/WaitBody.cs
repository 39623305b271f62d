using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>The answer to <c>POST /containers/{id}/wait</c>.</summary>
sealed record WaitBody
{
    public int StatusCode { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorTextBody? Error { get; init; }
}
