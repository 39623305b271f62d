namespace Strake.Volumes;

/// <summary>The calls that a file of secrets tells apart; a part of the file is called as in Kubernetes' classes: <c>[node-stage]</c>.</summary>
enum CsiSecretUse
{
    /// <summary>Making, removing and changing volumes.</summary>
    Provisioner,

    /// <summary>Attaching a volume to a node, and back.</summary>
    ControllerPublish,

    /// <summary>Preparing it there.</summary>
    NodeStage,

    /// <summary>Mounting it for its users.</summary>
    NodePublish,

    /// <summary>Making it larger.</summary>
    ControllerExpand,

    /// <summary>Making its file system larger.</summary>
    NodeExpand,

    /// <summary>Making and removing snapshots; where the file says nothing of it, as <see cref="Provisioner"/>.</summary>
    Snapshotter,
}
