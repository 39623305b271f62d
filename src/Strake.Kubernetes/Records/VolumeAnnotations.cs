namespace Strake.Kubernetes.Records;

/// <summary>The notes that Kubernetes' volume controllers leave on claims, volumes and classes. Where no value is named, only the presence counts.</summary>
public static class VolumeAnnotations
{
    /// <summary>On a claim: its binding was finished once.</summary>
    public const string BindCompleted = "pv.kubernetes.io/bind-completed";

    /// <summary>On a claim or volume: the reference to the other was made by the controller; without it, by a user.</summary>
    public const string BoundByController = "pv.kubernetes.io/bound-by-controller";

    /// <summary>On a volume: who made it for a claim.</summary>
    public const string ProvisionedBy = "pv.kubernetes.io/provisioned-by";

    /// <summary>On a claim or volume of an in-tree driver: the CSI driver that serves it.</summary>
    public const string MigratedTo = "pv.kubernetes.io/migrated-to";

    /// <summary>On a claim: who shall make its volume.</summary>
    public const string StorageProvisioner = "volume.kubernetes.io/storage-provisioner";

    /// <summary>The older name of <see cref="StorageProvisioner"/>.</summary>
    public const string BetaStorageProvisioner = "volume.beta.kubernetes.io/storage-provisioner";

    /// <summary>On a claim: the node that its first consumer was scheduled to.</summary>
    public const string SelectedNode = "volume.kubernetes.io/selected-node";

    /// <summary>On a claim: who grows its volume.</summary>
    public const string StorageResizer = "volume.kubernetes.io/storage-resizer";

    /// <summary>On a claim or volume: its class, from before there was a field for it; it wins over the field.</summary>
    public const string BetaStorageClass = "volume.beta.kubernetes.io/storage-class";

    /// <summary>On a class: "true" makes it the default.</summary>
    public const string IsDefaultClass = "storageclass.kubernetes.io/is-default-class";

    /// <summary>The older name of <see cref="IsDefaultClass"/>.</summary>
    public const string BetaIsDefaultClass = "storageclass.beta.kubernetes.io/is-default-class";

    /// <summary>The value of notes whose presence counts.</summary>
    public const string Yes = "yes";
}
