namespace Strake.Kubernetes.Records;

/// <summary>How far a volume is.</summary>
public enum VolumePhase
{
    /// <summary>Not looked at yet.</summary>
    Pending,

    /// <summary>For any claim that it fits, or for the one that it is reserved for.</summary>
    Available,

    /// <summary>A claim has it.</summary>
    Bound,

    /// <summary>Its claim is gone, and its storage is not reclaimed.</summary>
    Released,

    /// <summary>Its reclaiming failed.</summary>
    Failed,
}
