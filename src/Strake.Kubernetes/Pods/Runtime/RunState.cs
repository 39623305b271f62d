namespace Strake.Kubernetes.Pods;

/// <summary>Where a run of a container stands.</summary>
public enum RunState
{
    /// <summary>Made, and not started (yet).</summary>
    Created,

    /// <summary>Its process runs.</summary>
    Running,

    /// <summary>It has ended, or could not be started.</summary>
    Ended,
}
