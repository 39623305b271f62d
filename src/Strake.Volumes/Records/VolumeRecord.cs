using System.Text.Json.Serialization;

namespace Strake.Volumes.Records;

/// <summary>What is kept of a volume.</summary>
/// <remarks>
/// <code>
/// volume/&lt;name&gt;                        VolumeRecord
/// volume-use/&lt;name&gt;/&lt;holder&gt;            VolumeUseRecord
///
///          create            fill             filled
///   (none) ──────▶ Creating ─────▶ Ready ◀──────────▶ Filling
///                     │  rolled       │ remove           │ restart: emptied, Ready
///                     ▼  back         ▼
///                  (none) ◀──────  Removing
/// </code>
/// Who changes a volume's uses also rewrites its record, so that a removal that has seen no use fails at its commit
/// when a use came in between.
/// </remarks>
sealed record VolumeRecord(
    string Driver,
    IReadOnlyDictionary<string, string> Options,
    IReadOnlyDictionary<string, string> Labels,
    DateTimeOffset CreatedAt,
    VolumeState State);

/// <summary>Where a volume stands in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VolumeState>))]
enum VolumeState
{
    /// <summary>The driver may have made something or not; a restart removes it.</summary>
    Creating,

    /// <summary>Usable.</summary>
    Ready,

    /// <summary>Content of an image is being copied in; a restart empties it again.</summary>
    Filling,

    /// <summary>Being removed; a restart finishes it.</summary>
    Removing,
}

/// <summary>What is kept of an attachment; its volume and holder stand in the key.</summary>
sealed record VolumeUseRecord(string Destination, bool ReadOnly, DateTimeOffset Since);

[JsonSerializable(typeof(VolumeRecord))]
[JsonSerializable(typeof(VolumeUseRecord))]
sealed partial class VolumeJson : JsonSerializerContext;
