using System.Text.Json.Serialization;

namespace Strake.Volumes;

/// <summary>How far a use has come.</summary>
/// <remarks>
/// <code>
///  (none) ──▶ Mounting ──▶ Mounted ──▶ Unmounting ──▶ (none)
///                 └─ no answer, or a kill ──▲
/// </code>
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<MountUseState>))]
public enum MountUseState
{
    /// <summary>The plugin may have been told or not.</summary>
    Mounting,

    /// <summary>The plugin said where.</summary>
    Mounted,

    /// <summary>It is over; the plugin may not know it yet.</summary>
    Unmounting,
}
