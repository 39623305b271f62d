using System.Collections.ObjectModel;

namespace Strake.Volumes;

/// <summary>
/// A volume at a CSI driver: what it was asked to be, what the driver calls it, and how far it has come on its way to this node. Written down
/// before each call that changes one of these.
/// </summary>
public sealed record CsiVolume
{
    /// <summary>The driver.</summary>
    public required string Driver { get; init; }

    /// <summary>What the engine calls it to the driver, the same at each repetition; also the name of its directory.</summary>
    public required string Handle { get; init; }

    /// <summary>The volume; null: nobody's (any more), to be removed at the driver.</summary>
    public string? Name { get; init; }

    /// <summary>What the user asked for.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether the driver has it.</summary>
    public CsiVolumeState State { get; init; }

    /// <summary>What it is made from; null: it is made empty.</summary>
    public CsiSource? Source { get; init; }

    /// <summary>The driver's id; null: not known yet.</summary>
    public string? Id { get; init; }

    /// <summary>What the driver wants to hear again with each call.</summary>
    public IReadOnlyDictionary<string, string> Context { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Its size, bytes; 0: the driver does not say.</summary>
    public long CapacityBytes { get; init; }

    /// <summary>Whether its file system has to be made as large as it is, when it is next on the node.</summary>
    public bool NeedsNodeExpansion { get; init; }

    /// <summary>The step that was begun last.</summary>
    public CsiPlace Place { get; init; }

    /// <summary>The run of the machine in which that was: mounts do not outlive it.</summary>
    public string Boot { get; init; } = "";

    /// <summary>What the driver called the node then.</summary>
    public string NodeId { get; init; } = "";

    /// <summary>What ControllerPublishVolume gave for the node.</summary>
    public IReadOnlyDictionary<string, string> PublishContext { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Who has it mounted.</summary>
    public IReadOnlyList<string> Holders { get; init; } = [];

    /// <summary>Its snapshots, the oldest first.</summary>
    public IReadOnlyList<CsiSnapshot> Snapshots { get; init; } = [];
}
