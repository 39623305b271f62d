using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>Whether a volume fits a claim, and if not, why. <see cref="VolumeIndex"/> finds the best of many by the same rules without asking each.</summary>
public static class VolumeMatch
{
    /// <summary>Whether the claim that a volume is reserved for can have it: its size, mode and attributes are right, and it is not on its way out.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="volume">A volume that is for it.</param>
    public static bool SuitsOwner(Claim claim, PersistentVolume volume) =>
        volume.Capacity >= claim.Request
        && volume.VolumeMode == claim.VolumeMode
        && volume.AttributesClass == claim.AttributesClass
        && volume.AccessModes.Include(claim.AccessModes)
        && !volume.Metadata.IsBeingDeleted;

    /// <summary>
    /// What speaks against a volume that a claim asks for by name, in Kubernetes' words; null when nothing does. The order is Kubernetes' too: users see
    /// the first alone.
    /// </summary>
    /// <param name="claim">The claim.</param>
    /// <param name="volume">A volume that is for no claim.</param>
    public static string? ReasonAgainstNamed(Claim claim, PersistentVolume volume) => volume switch
    {
        { Metadata.IsBeingDeleted: true } => "the volume is marked for deletion",
        _ when volume.Capacity < claim.Request => "requested PV is too small",
        _ when volume.ClassName != claim.EffectiveClass => "storageClassName does not match",
        _ when volume.AttributesClass != claim.AttributesClass => "volumeAttributesClassName does not match",
        _ when volume.VolumeMode != claim.VolumeMode => "incompatible volumeMode",
        _ when !volume.AccessModes.Include(claim.AccessModes) => "incompatible accessMode",
        _ => null,
    };

    /// <summary>What speaks against a volume for a claim that takes any; null when nothing does. Unlike <see cref="ReasonAgainstNamed"/> it names the values.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="volume">Any volume.</param>
    /// <param name="node">The node that must be able to use it; null when none is known yet.</param>
    public static string? ReasonAgainst(Claim claim, PersistentVolume volume, NodeView? node = null) => volume switch
    {
        { ClaimReference: { } other } when !other.Names(claim) => $"already bound to claim {other.Key}",
        { Metadata.IsBeingDeleted: true } => "the volume is marked for deletion",
        { ClaimReference: null, Phase: not VolumePhase.Available } => $"its phase is {volume.Phase}",
        _ when volume.Capacity < claim.Request => $"it has {volume.Capacity}, the claim requests {claim.Request}",
        { ClaimReference: null } when volume.ClassName != claim.EffectiveClass => $"its class is {Quoted(volume.ClassName)}, the claim's is {Quoted(claim.EffectiveClass)}",
        _ when volume.AttributesClass != claim.AttributesClass =>
            $"its volumeAttributesClassName is {Quoted(volume.AttributesClass)}, the claim's is {Quoted(claim.AttributesClass)}",
        _ when volume.VolumeMode != claim.VolumeMode => $"its volumeMode is {volume.VolumeMode}, the claim's is {claim.VolumeMode}",
        _ when !volume.AccessModes.Include(claim.AccessModes) => $"its access modes are {volume.AccessModes.Short()}, the claim needs {claim.AccessModes.Short()}",
        { ClaimReference: null } when claim.Selector?.Matches(volume.Metadata.Labels) is false => "its labels do not match the claim's selector",
        { NodeAffinity: { } affinity } when node is not null && !affinity.Matches(node) => $"its node affinity excludes node {node.Name}",
        _ => null,
    };

    static string Quoted(string text) => $"\"{text}\"";
}
