using Strake.Kubernetes.Decisions.Provisioning.InTree;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Decisions.Provisioning;

/// <summary>All that whoever makes a claim's volume must know.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Class">Its class, in the words of the driver that is called.</param>
/// <param name="By">Who makes it.</param>
public sealed record ProvisionPlan(Claim Claim, StorageClass Class, Provisioner By)
{
    /// <summary>The volume's name, and that of its storage: a repeat finds what an earlier attempt made.</summary>
    public string Name => ProvisionedVolume.NameFor(Claim);

    /// <summary>The least size.</summary>
    public Quantity Size => Claim.Request;

    /// <summary>What the driver is told.</summary>
    public required TextMap Parameters { get; init; }

    /// <summary>The file system; empty for the driver's choice, and for devices.</summary>
    public string FsType { get; init; } = "";

    /// <summary>The secret for making and deleting it; null for none.</summary>
    public SecretReference? Secret { get; init; }

    /// <summary>The secret for attaching it; null for none.</summary>
    public SecretReference? ControllerPublishSecret { get; init; }

    /// <summary>The secret for staging it; null for none.</summary>
    public SecretReference? NodeStageSecret { get; init; }

    /// <summary>The secret for mounting it; null for none.</summary>
    public SecretReference? NodePublishSecret { get; init; }

    /// <summary>The secret for growing it; null for none.</summary>
    public SecretReference? ControllerExpandSecret { get; init; }

    /// <summary>The secret for growing its file system; null for none.</summary>
    public SecretReference? NodeExpandSecret { get; init; }

    /// <summary>The plan for a claim.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="itsClass">Its class.</param>
    /// <exception cref="StrakeException">Invalid: the class's parameters contradict each other, or name what there is not; the claim's event tells.</exception>
    public static ProvisionPlan Of(Claim claim, StorageClass itsClass)
    {
        Provisioner by = Provisioner.Of(itsClass.Provisioner);
        if (by is not Provisioner.Csi csi) return new ProvisionPlan(claim, itsClass, by) { Parameters = itsClass.Parameters };
        StorageClass translated = csi.InTreeName is null ? itsClass : InTreeTranslation.ClassToCsi(itsClass);
        TextMap parameters = translated.Parameters;
        return new ProvisionPlan(claim, translated, by)
        {
            Parameters = CsiParameters.ForDriver(parameters, claim),
            FsType = claim.VolumeMode is VolumeMode.Block ? "" : CsiParameters.FsTypeOf(parameters),
            Secret = SecretTemplate.Resolve(parameters, "provisioner", claim),
            ControllerPublishSecret = SecretTemplate.Resolve(parameters, "controller-publish", claim),
            NodeStageSecret = SecretTemplate.Resolve(parameters, "node-stage", claim),
            NodePublishSecret = SecretTemplate.Resolve(parameters, "node-publish", claim),
            ControllerExpandSecret = SecretTemplate.Resolve(parameters, "controller-expand", claim),
            NodeExpandSecret = SecretTemplate.Resolve(parameters, "node-expand", claim),
        };
    }
}
