namespace Strake.Kubernetes.Records;

/// <summary>When containers are started anew.</summary>
public enum PodRestart
{
    /// <summary>Whenever they end.</summary>
    Always,

    /// <summary>When they end badly.</summary>
    OnFailure,

    /// <summary>Never.</summary>
    Never,
}
