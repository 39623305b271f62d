using System.Text.Json.Serialization;

namespace Strake.Volumes;

/// <summary>Whether a driver has a volume or a snapshot.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CsiVolumeState>))]
public enum CsiVolumeState
{
    /// <summary>The driver may have been told to make it, or not.</summary>
    Creating,

    /// <summary>It has it.</summary>
    Ready,

    /// <summary>It may have been told to remove it, or not.</summary>
    Removing,
}
