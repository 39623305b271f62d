using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>What is to be done for a volume: exactly one of these.</summary>
public abstract record VolumeDecision
{
    private VolumeDecision()
    {
    }

    /// <summary>It is as it should be.</summary>
    public sealed record Nothing : VolumeDecision;

    /// <summary>Its phase is to be set, or what else its state says.</summary>
    /// <param name="After">The volume then.</param>
    /// <param name="Event">What users are told; null for nothing.</param>
    public sealed record Mark(PersistentVolume After, EventText? Event = null) : VolumeDecision;

    /// <summary>Its claim has another volume: it is to be free again, or reserved as its user made it.</summary>
    /// <param name="After">The volume then.</param>
    /// <param name="Event">What users are told; null for nothing.</param>
    public sealed record Unbind(PersistentVolume After, EventText? Event = null) : VolumeDecision;

    /// <summary>Its claim is to be looked at: it does not know of the volume yet.</summary>
    /// <param name="Claim">Where the claim is found.</param>
    public sealed record WakeClaim(ObjectKey Claim) : VolumeDecision;

    /// <summary>It and its claim can never fit. Both are told.</summary>
    /// <param name="Claim">Where the claim is found.</param>
    /// <param name="VolumeEvent">What the volume's users are told.</param>
    /// <param name="ClaimEvent">What the claim's users are told.</param>
    public sealed record Refuse(ObjectKey Claim, EventText VolumeEvent, EventText ClaimEvent) : VolumeDecision;

    /// <summary>Its storage is to be deleted, and then it. Deleting is idempotent.</summary>
    public sealed record Delete : VolumeDecision;

    /// <summary>It is to be emptied, and then free again. Emptying is idempotent.</summary>
    public sealed record Recycle : VolumeDecision;

    /// <summary>It is to be emptied, but somebody uses it.</summary>
    /// <param name="Event">What users are told.</param>
    public sealed record Hold(EventText Event) : VolumeDecision;
}
