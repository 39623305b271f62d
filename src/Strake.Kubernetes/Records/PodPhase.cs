namespace Strake.Kubernetes.Records;

/// <summary>How far a pod is.</summary>
public enum PodPhase
{
    /// <summary>Not all of its containers were started.</summary>
    Pending,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>All containers ended well.</summary>
    Succeeded,

    /// <summary>All containers ended, one of them badly.</summary>
    Failed,

    /// <summary>Its node cannot be asked.</summary>
    Unknown,
}
