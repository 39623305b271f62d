using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Sources of storage that persistent volumes and pods name in the same way.</summary>
static class SharedSourceSchema
{
    /// <summary>A file or folder of the node.</summary>
    public static Schema HostPathVolumeSource { get; } = Record(
        Definitions.Core + "HostPathVolumeSource", "A file or folder of the node.",
        Field("path", Text, "The path on the node.").Required(),
        Field("type", Text, "What must be at the path: empty for no check, DirectoryOrCreate, Directory, FileOrCreate, File, Socket, CharDevice, BlockDevice.").Defaults("\"\""));

    /// <summary>An export of an NFS server.</summary>
    public static Schema NFSVolumeSource { get; } = Record(
        Definitions.Core + "NFSVolumeSource", "An export of an NFS server.",
        Field("server", Text, "The server's name or address.").Required(),
        Field("path", Text, "The path.").Required(),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>A disk of Google Compute Engine; served by pd.csi.storage.gke.io.</summary>
    public static Schema GCEPersistentDiskVolumeSource { get; } = Record(
        Definitions.Core + "GCEPersistentDiskVolumeSource", "A disk of Google Compute Engine; served by pd.csi.storage.gke.io.",
        Field("pdName", Text, "The disk's name.").Required(),
        Field("fsType", Text, "The file system."),
        Field("partition", Number32, "The partition; 0 for the whole disk. Of an update: the first ordinal that is updated."),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>A disk of AWS; served by ebs.csi.aws.com.</summary>
    public static Schema AWSElasticBlockStoreVolumeSource { get; } = Record(
        Definitions.Core + "AWSElasticBlockStoreVolumeSource", "A disk of AWS; served by ebs.csi.aws.com.",
        Field("volumeID", Text, "The volume's id.").Required(),
        Field("fsType", Text, "The file system."),
        Field("partition", Number32, "The partition; 0 for the whole disk. Of an update: the first ordinal that is updated."),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>A disk of Azure; served by disk.csi.azure.com.</summary>
    public static Schema AzureDiskVolumeSource { get; } = Record(
        Definitions.Core + "AzureDiskVolumeSource", "A disk of Azure; served by disk.csi.azure.com.",
        Field("diskName", Text, "The disk's name.").Required(),
        Field("diskURI", Text, "The disk's address.").Required(),
        Field("cachingMode", Text, "None, ReadOnly or ReadWrite.").Defaults("\"ReadWrite\""),
        Field("fsType", Text, "The file system.").Defaults("\"ext4\""),
        Field("readOnly", Flag, "Whether it cannot be written.").Defaults("false"),
        Field("kind", Text, "The kind.").Defaults("\"Shared\""));

    /// <summary>A disk of vSphere; served by csi.vsphere.vmware.com.</summary>
    public static Schema VsphereVirtualDiskVolumeSource { get; } = Record(
        Definitions.Core + "VsphereVirtualDiskVolumeSource", "A disk of vSphere; served by csi.vsphere.vmware.com.",
        Field("volumePath", Text, "The volume's path.").Required(),
        Field("fsType", Text, "The file system."),
        Field("storagePolicyName", Text, "The policy's name."),
        Field("storagePolicyID", Text, "The policy's id."));

    /// <summary>A disk of Photon.</summary>
    public static Schema PhotonPersistentDiskVolumeSource { get; } = Record(
        Definitions.Core + "PhotonPersistentDiskVolumeSource", "A disk of Photon.",
        Field("pdID", Text, "The disk's id.").Required(),
        Field("fsType", Text, "The file system."));

    /// <summary>A Portworx volume; served by pxd.portworx.com.</summary>
    public static Schema PortworxVolumeSource { get; } = Record(
        Definitions.Core + "PortworxVolumeSource", "A Portworx volume; served by pxd.portworx.com.",
        Field("volumeID", Text, "The volume's id.").Required(),
        Field("fsType", Text, "The file system."),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>A Fibre Channel disk.</summary>
    public static Schema FCVolumeSource { get; } = Record(
        Definitions.Core + "FCVolumeSource", "A Fibre Channel disk.",
        Field("targetWWNs", List(Text), "The targets' names."),
        Field("lun", Number32, "The logical unit."),
        Field("fsType", Text, "The file system."),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("wwids", List(Text), "The disks' world-wide ids."));

    /// <summary>A Flocker volume.</summary>
    public static Schema FlockerVolumeSource { get; } = Record(
        Definitions.Core + "FlockerVolumeSource", "A Flocker volume.",
        Field("datasetName", Text, "The dataset's name."),
        Field("datasetUUID", Text, "The dataset's id."));

    /// <summary>A Quobyte volume.</summary>
    public static Schema QuobyteVolumeSource { get; } = Record(
        Definitions.Core + "QuobyteVolumeSource", "A Quobyte volume.",
        Field("registry", Text, "The registration's address.").Required(),
        Field("volume", Text, "The volume.").Required(),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("user", Text, "The user."),
        Field("group", Text, "The group."),
        Field("tenant", Text, "The tenant."));
}
