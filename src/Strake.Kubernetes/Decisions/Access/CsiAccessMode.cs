namespace Strake.Kubernetes.Decisions.Access;

/// <summary>CSI's access modes, numbered as in <c>csi.proto</c> (VolumeCapability.AccessMode.Mode).</summary>
public enum CsiAccessMode
{
    /// <summary>None.</summary>
    Unknown = 0,

    /// <summary>One node writes.</summary>
    SingleNodeWriter = 1,

    /// <summary>One node reads.</summary>
    SingleNodeReaderOnly = 2,

    /// <summary>Many nodes read.</summary>
    MultiNodeReaderOnly = 3,

    /// <summary>One node writes, many read.</summary>
    MultiNodeSingleWriter = 4,

    /// <summary>Many nodes write.</summary>
    MultiNodeMultiWriter = 5,

    /// <summary>One user on one node writes.</summary>
    SingleNodeSingleWriter = 6,

    /// <summary>Many users on one node write.</summary>
    SingleNodeMultiWriter = 7,
}
