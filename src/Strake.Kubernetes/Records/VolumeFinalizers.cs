namespace Strake.Kubernetes.Records;

/// <summary>Who may hold a claim or a volume back from going.</summary>
public static class VolumeFinalizers
{
    /// <summary>Holds a claim while a pod uses it.</summary>
    public const string ClaimProtection = "kubernetes.io/pvc-protection";

    /// <summary>Holds a volume while a claim is bound to it.</summary>
    public const string VolumeProtection = "kubernetes.io/pv-protection";

    /// <summary>Holds a provisioned volume until its storage is deleted.</summary>
    public const string Provisioner = "external-provisioner.volume.kubernetes.io/finalizer";

    /// <summary>
    /// Holds a claim from before its volume is made until it is bound: were the claim gone after a crash in between, nobody would know whose the storage is.
    /// Kubernetes has no such thing, and leaves the storage behind.
    /// </summary>
    public const string Provisioning = "strake.io/provisioning";

    /// <summary>Begins the finalizer that holds a volume while it is attached; the driver's name follows.</summary>
    public const string AttacherPrefix = "external-attacher/";

    /// <summary>Holds a claim that a snapshot is being taken of.</summary>
    public const string SnapshotSource = "snapshot.storage.kubernetes.io/pvc-as-source-protection";

    /// <summary>Holds a claim that is being cloned.</summary>
    public const string CloneSource = "provisioner.storage.kubernetes.io/cloning-protection";

    /// <summary>Holds a snapshot that has a content.</summary>
    public const string BoundSnapshot = "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection";

    /// <summary>Holds a snapshot that a volume is being made of.</summary>
    public const string SnapshotAsSource = "snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection";

    /// <summary>Holds a snapshot's content while a snapshot is bound to it.</summary>
    public const string BoundContent = "snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection";
}
