using System.Text.Json.Serialization;

namespace Strake.Daemon.VolumePlugin;

/// <summary>Any answer of the protocol: what does not belong to a call is not written.</summary>
sealed record AnswerBody
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Implements { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Mountpoint { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ServedVolumeBody? Volume { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ServedVolumeBody>? Volumes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScopeBody? Capabilities { get; init; }

    public string Err { get; init; } = "";
}
