namespace Strake.Kubernetes.Pods.Volumes;

/// <summary>A volume that could not be made ready for a pod.</summary>
/// <param name="volume">The volume's name in the pod.</param>
/// <param name="reason">The event's reason: FailedMount, FailedAttachVolume, FailedMapVolume.</param>
/// <param name="message">What users are told, in Kubernetes' words.</param>
/// <param name="inner">What went wrong.</param>
sealed class VolumeFailure(string volume, string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The volume's name in the pod.</summary>
    public string Volume { get; } = volume;

    /// <summary>The event's reason.</summary>
    public string Reason { get; } = reason;
}
