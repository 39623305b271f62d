using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Expansion;

/// <summary>Who may ask for a larger volume.</summary>
public static class ExpansionAdmission
{
    /// <summary>Why a change of a claim's request is refused; null when it is not.</summary>
    /// <param name="before">The claim as it is.</param>
    /// <param name="after">The claim as it shall be.</param>
    /// <param name="classes">All classes.</param>
    public static string? ReasonAgainst(Claim before, Claim after, ClassSet classes) => after.Request.CompareTo(before.Request) switch
    {
        0 => null,

        // Observed: less than before. A growth that cannot be had may be taken back, but not below what there is.
        < 0 => after.Request < (before.Capacity ?? before.Request) ? "field can not be less than status.capacity" : null,

        // Observed: more than before.
        _ when before.Phase is not ClaimPhase.Bound => "Only bound persistent volume claims can be expanded",
        _ when after.EffectiveClass != before.EffectiveClass || classes.Of(after) is not { AllowExpansion: true } =>
            "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
        _ => null,
    };
}
