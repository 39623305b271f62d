using System.Text.Json.Serialization;

namespace Strake.Volumes.Records;

/// <summary>Where a volume stands in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VolumeState>))]
enum VolumeState
{
    /// <summary>The driver may have made something or not; a restart removes it.</summary>
    Creating,

    /// <summary>Usable.</summary>
    Ready,

    /// <summary>Content of an image is being copied in; a restart moves in what is whole and throws away what is not.</summary>
    Filling,

    /// <summary>Being removed; a restart finishes it.</summary>
    Removing,
}
