using System.Text.Json.Serialization;

namespace Strake.Volumes;

/// <summary>How far a volume has come on its way to this node, or back: the step that was begun last.</summary>
/// <remarks>
/// <code>
///          ┌▶ Attaching ─▶ Attached ─▶ Staging ─▶ Publishing ─▶ Published ─┐     each is left out where the driver
///  (None) ─┘                                                               │     has no such call
///     ▲                                                                    │
///     └─────── Detaching ◀── Unstaging ◀── Unpublishing ◀──────────────────┘
/// </code>
/// All calls may be repeated: whatever was begun, the way there is gone from its beginning, and the way back from the end of what was begun.
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<CsiPlace>))]
public enum CsiPlace
{
    /// <summary>Nothing of it is on this node.</summary>
    None,

    /// <summary>ControllerPublishVolume was begun.</summary>
    Attaching,

    /// <summary>It ended well; its context is kept.</summary>
    Attached,

    /// <summary>NodeStageVolume was begun.</summary>
    Staging,

    /// <summary>NodePublishVolume was begun.</summary>
    Publishing,

    /// <summary>The volume is at its place.</summary>
    Published,

    /// <summary>NodeUnpublishVolume was begun.</summary>
    Unpublishing,

    /// <summary>NodeUnstageVolume was begun.</summary>
    Unstaging,

    /// <summary>ControllerUnpublishVolume was begun.</summary>
    Detaching,
}
