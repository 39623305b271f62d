namespace Strake.Kubernetes.Records;

/// <summary>What a user of a volume gets.</summary>
public enum VolumeMode
{
    /// <summary>A directory.</summary>
    Filesystem,

    /// <summary>A block device.</summary>
    Block,
}
