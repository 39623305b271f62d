using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning;

/// <summary>Who is to make the volume of a claim that no volume fits.</summary>
static class ProvisionerChoice
{
    /// <summary>The decision for a claim that has a class.</summary>
    public static ClaimDecision Decide(ClaimView view)
    {
        Claim claim = view.Claim;
        if (view.Classes.Of(claim) is not { } itsClass) return ClaimDecisions.Wait(claim, ProvisioningEvents.ClassMissing(claim.EffectiveClass));
        return Provisioner.Of(itsClass.Provisioner) switch
        {
            // Observed: the class's volumes are made by hand, and none fits.
            Provisioner.Nobody nobody => ClaimDecisions.Wait(claim, ProvisioningEvents.NoPlugin(nobody.ClassWord)),

            // Observed: the class's driver is not there. Who installs it finds the claim by its annotation.
            Provisioner.Csi csi when !view.Provisioners.Has(csi.Driver) => ClaimDecisions.Wait(Noted(claim, csi), ProvisioningEvents.Missing(csi)),

            // Observed: the class's volumes may be made elsewhere only.
            not Provisioner.Nobody when view.Node is { } node && itsClass.AllowedTopologies.Count > 0 && !itsClass.AllowedTopologies.Any(term => term.Matches(node)) =>
                ClaimDecisions.Wait(claim, ProvisioningEvents.NotHere(itsClass, node)),

            // Observed: claim pending, somebody can make its volume.
            Provisioner.Csi csi => Provision(claim, itsClass, csi),
            Provisioner.DockerPlugin plugin => Provision(claim, itsClass, plugin),

            var other => throw new InvalidOperationException($"no provisioner: {other}"),
        };
    }

    static ClaimDecision.Provision Provision(Claim claim, StorageClass itsClass, Provisioner by) =>
        new(Begun(Noted(claim, by)), itsClass, by, ProvisioningEvents.Begun(claim.Key));

    static Claim Begun(Claim claim) => claim with { Metadata = claim.Metadata.WithFinalizer(VolumeFinalizers.Provisioning) };

    static Claim Noted(Claim claim, Provisioner by)
    {
        Metadata noted = claim.Metadata
            .WithAnnotation(VolumeAnnotations.BetaStorageProvisioner, by.Name)
            .WithAnnotation(VolumeAnnotations.StorageProvisioner, by.Name);
        return claim with { Metadata = by is Provisioner.Csi { InTreeName: not null } ? noted.WithAnnotation(VolumeAnnotations.MigratedTo, by.Name) : noted };
    }
}
