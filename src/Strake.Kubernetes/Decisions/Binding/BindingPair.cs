using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>A claim and a volume as they are when they are bound to each other.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Volume">The volume.</param>
public sealed record BindingPair(Claim Claim, PersistentVolume Volume)
{
    /// <summary>Binds two. What was chosen by a user is not marked as the controller's, so that an unbinding leaves the user's choice.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="volume">The volume.</param>
    public static BindingPair Of(Claim claim, PersistentVolume volume) => new(Bound(claim, volume), Bound(volume, claim));

    static PersistentVolume Bound(PersistentVolume volume, Claim claim) => volume with
    {
        ClaimReference = ClaimReference.To(claim),
        Metadata = volume.IsFor(claim) ? volume.Metadata : Marked(volume.Metadata),
        Phase = VolumePhase.Bound,
        Message = volume.Phase is VolumePhase.Bound ? volume.Message : "",
    };

    static Claim Bound(Claim claim, PersistentVolume volume)
    {
        Metadata metadata = claim.VolumeName == volume.Name ? claim.Metadata : Marked(claim.Metadata);
        metadata = metadata.Has(VolumeAnnotations.BindCompleted) ? metadata : metadata.WithAnnotation(VolumeAnnotations.BindCompleted, VolumeAnnotations.Yes);
        metadata = claim.IsBeingProvisioned ? metadata.WithoutFinalizer(VolumeFinalizers.Provisioning) : metadata;
        Claim bound = claim with { VolumeName = volume.Name, Metadata = metadata, Phase = ClaimPhase.Bound, GrantedModes = volume.AccessModes };

        // Of a claim that was bound before, size and attributes are the resizer's: its file system may be behind the volume.
        return claim.Phase is ClaimPhase.Bound ? bound : bound with { Capacity = volume.Capacity, CurrentAttributesClass = volume.AttributesClass };
    }

    static Metadata Marked(Metadata metadata) =>
        metadata.Has(VolumeAnnotations.BoundByController) ? metadata : metadata.WithAnnotation(VolumeAnnotations.BoundByController, VolumeAnnotations.Yes);
}
