using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>What is to be done for a claim: exactly one of these.</summary>
public abstract record ClaimDecision
{
    private ClaimDecision()
    {
    }

    /// <summary>It is as it should be.</summary>
    public sealed record Nothing : ClaimDecision;

    /// <summary>It and a volume are to be bound, or the rest of that is to be done. Both are written at once, or the volume first.</summary>
    /// <param name="Pair">Both as they are then.</param>
    public sealed record Bind(BindingPair Pair) : ClaimDecision;

    /// <summary>It names no class and gets the default; what follows is decided anew.</summary>
    /// <param name="After">The claim then.</param>
    public sealed record AssignClass(Claim After) : ClaimDecision;

    /// <summary>It stays Pending.</summary>
    /// <param name="After">The claim then; perhaps as it is.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Event">What users are told; null where Kubernetes is silent.</param>
    public sealed record Wait(Claim After, string Reason, EventText? Event) : ClaimDecision;

    /// <summary>A volume is to be made for it. The claim is written first; making is idempotent by the volume's name.</summary>
    /// <param name="After">The claim then.</param>
    /// <param name="Class">How the volume is to be made.</param>
    /// <param name="By">Who makes it.</param>
    /// <param name="Event">What users are told.</param>
    public sealed record Provision(Claim After, StorageClass Class, Provisioner By, EventText Event) : ClaimDecision;

    /// <summary>A volume was being made for it, in vain. What was made is to be discarded first, and then the claim to be written.</summary>
    /// <param name="After">The claim then.</param>
    /// <param name="Storage">The name of what was perhaps made; null when its volume exists, and whatever becomes of it is decided there.</param>
    public sealed record Abandon(Claim After, string? Storage) : ClaimDecision;

    /// <summary>Its volume is gone, or another's.</summary>
    /// <param name="After">The claim then.</param>
    /// <param name="Event">What users are told.</param>
    public sealed record Lose(Claim After, EventText Event) : ClaimDecision;
}
