using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>How to find out whether a container of an image is well: the Dockerfile's HEALTHCHECK.</summary>
public sealed record Healthcheck
{
    /// <summary>Empty: inherited; <c>NONE</c>: switched off; <c>CMD</c>, arguments…; <c>CMD-SHELL</c>, a command line.</summary>
    public IReadOnlyList<string>? Test { get; init; }

    /// <summary>Nanoseconds between two checks; 0 is the engine's default.</summary>
    [JsonPropertyName("Interval")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long IntervalNanoseconds { get; init; }

    /// <summary>Nanoseconds after which a check has failed; 0 is the engine's default.</summary>
    [JsonPropertyName("Timeout")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long TimeoutNanoseconds { get; init; }

    /// <summary>Nanoseconds after the start in which failures do not count.</summary>
    [JsonPropertyName("StartPeriod")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long StartPeriodNanoseconds { get; init; }

    /// <summary>Nanoseconds between two checks during the start period.</summary>
    [JsonPropertyName("StartInterval")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long StartIntervalNanoseconds { get; init; }

    /// <summary>Failures in a row after which the container is unhealthy; 0 is the engine's default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Retries { get; init; }
}
