namespace Strake.Volumes;

/// <summary>What the driver <c>strake.csi</c> is made of.</summary>
/// <param name="Volumes">The volumes that it serves.</param>
/// <param name="State">Where it keeps what orchestrators asked for; the same that the volumes' records are in.</param>
/// <param name="Root">The folder of the local volumes; its file system is what capacity is told of.</param>
/// <param name="NodeId">This machine's name among its orchestrator's; at most 256 bytes.</param>
/// <param name="Version">The engine's version.</param>
/// <param name="Time">The clock.</param>
public sealed record StrakeCsiOptions(VolumeStore Volumes, IStateStore State, string Root, string NodeId, string Version, TimeProvider Time)
{
    /// <summary>Freezes whoever writes to a volume and is the engine's to freeze; null: nobody is.</summary>
    public Func<string, CancellationToken, Task<IHeldWriters>>? Hold { get; init; }

    /// <summary>
    /// Whether volumes are made larger by the node's call alone: in a cluster the controller's call would come to any node, and each has only
    /// its own volumes.
    /// </summary>
    public bool ExpandsOnNode { get; init; }
}
