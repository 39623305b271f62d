using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>An event as a line of <c>GET /events</c>.</summary>
sealed record EventBody
{
    [JsonPropertyName("status")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    [JsonPropertyName("id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    [JsonPropertyName("from")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; init; }

    public required string Type { get; init; }

    public required string Action { get; init; }

    public required EventActorBody Actor { get; init; }

    [JsonPropertyName("scope")]
    public string Scope { get; init; } = "local";

    [JsonPropertyName("time")]
    public long Time { get; init; }

    [JsonPropertyName("timeNano")]
    public long TimeNano { get; init; }

    /// <summary>From the engine's event. The first three members are of old and only where they were then.</summary>
    public static EventBody Of(EngineEvent happened)
    {
        bool old = happened.Type is "container" or "image";
        return new()
        {
            Status = old ? happened.Action : null,
            Id = old && happened.ActorId.Length > 0 ? happened.ActorId : null,
            From = happened.Type is "container" ? happened.Attributes.GetValueOrDefault("image") : null,
            Type = happened.Type,
            Action = happened.Action,
            Actor = new(happened.ActorId, happened.Attributes),
            Time = happened.Time.ToUnixTimeSeconds(),
            TimeNano = DockerTime.Nanoseconds(happened.Time),
        };
    }
}
