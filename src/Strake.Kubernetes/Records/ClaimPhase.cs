namespace Strake.Kubernetes.Records;

/// <summary>How far a claim is.</summary>
public enum ClaimPhase
{
    /// <summary>No volume yet.</summary>
    Pending,

    /// <summary>It has a volume.</summary>
    Bound,

    /// <summary>Its volume is gone, or another's.</summary>
    Lost,
}
