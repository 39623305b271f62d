using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Persistent volumes and their sources.</summary>
static class VolumeSchema
{
    /// <summary>A Gluster volume.</summary>
    public static Schema GlusterfsPersistentVolumeSource { get; } = Record(
        Definitions.Core + "GlusterfsPersistentVolumeSource", "A Gluster volume.",
        Field("endpoints", Text, "The endpoints.").Required(),
        Field("path", Text, "The path.").Required(),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("endpointsNamespace", Text, "The namespace of the endpoints."));

    /// <summary>A RADOS block device.</summary>
    public static Schema RBDPersistentVolumeSource { get; } = Record(
        Definitions.Core + "RBDPersistentVolumeSource", "A RADOS block device.",
        Field("monitors", List(Text), "The addresses of the monitors.").Required(),
        Field("image", Text, "The image.").Required(),
        Field("fsType", Text, "The file system."),
        Field("pool", Text, "The pool.").Defaults("\"rbd\""),
        Field("user", Text, "The user.").Defaults("\"admin\""),
        Field("keyring", Text, "The path of the keyring.").Defaults("\"/etc/ceph/keyring\""),
        Field("secretRef", ReferenceSchema.SecretReference, "The secret."),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>An iSCSI disk.</summary>
    public static Schema ISCSIPersistentVolumeSource { get; } = Record(
        Definitions.Core + "ISCSIPersistentVolumeSource", "An iSCSI disk.",
        Field("targetPortal", Text, "The portal, host and port.").Required(),
        Field("iqn", Text, "The target's name.").Required(),
        Field("lun", Number32, "The logical unit.").Required(),
        Field("iscsiInterface", Text, "The interface, default by default.").Defaults("\"default\""),
        Field("fsType", Text, "The file system."),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("portals", List(Text), "Further portals."),
        Field("chapAuthDiscovery", Flag, "Whether discovery uses CHAP."),
        Field("chapAuthSession", Flag, "Whether the session uses CHAP."),
        Field("secretRef", ReferenceSchema.SecretReference, "The secret."),
        Field("initiatorName", Text, "The initiator's name."));

    /// <summary>A volume of OpenStack Cinder; served by cinder.csi.openstack.org.</summary>
    public static Schema CinderPersistentVolumeSource { get; } = Record(
        Definitions.Core + "CinderPersistentVolumeSource", "A volume of OpenStack Cinder; served by cinder.csi.openstack.org.",
        Field("volumeID", Text, "The volume's id.").Required(),
        Field("fsType", Text, "The file system."),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("secretRef", ReferenceSchema.SecretReference, "The secret."));

    /// <summary>A CephFS mount.</summary>
    public static Schema CephFSPersistentVolumeSource { get; } = Record(
        Definitions.Core + "CephFSPersistentVolumeSource", "A CephFS mount.",
        Field("monitors", List(Text), "The addresses of the monitors.").Required(),
        Field("path", Text, "The path."),
        Field("user", Text, "The user."),
        Field("secretFile", Text, "The path of the secret's file."),
        Field("secretRef", ReferenceSchema.SecretReference, "The secret."),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>A volume of a FlexVolume driver.</summary>
    public static Schema FlexPersistentVolumeSource { get; } = Record(
        Definitions.Core + "FlexPersistentVolumeSource", "A volume of a FlexVolume driver.",
        Field("driver", Text, "The driver's name.").Required(),
        Field("fsType", Text, "The file system."),
        Field("secretRef", ReferenceSchema.SecretReference, "The secret."),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("options", Map(Text), "The driver's options."));

    /// <summary>A share of Azure Files; served by file.csi.azure.com.</summary>
    public static Schema AzureFilePersistentVolumeSource { get; } = Record(
        Definitions.Core + "AzureFilePersistentVolumeSource", "A share of Azure Files; served by file.csi.azure.com.",
        Field("secretName", Text, "The secret.").Required(),
        Field("shareName", Text, "The share.").Required(),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("secretNamespace", Text, "The secret's namespace."));

    /// <summary>A ScaleIO volume.</summary>
    public static Schema ScaleIOPersistentVolumeSource { get; } = Record(
        Definitions.Core + "ScaleIOPersistentVolumeSource", "A ScaleIO volume.",
        Field("gateway", Text, "The gateway's address.").Required(),
        Field("system", Text, "The system.").Required(),
        Field("secretRef", ReferenceSchema.SecretReference, "The secret.").Required(),
        Field("sslEnabled", Flag, "Whether TLS is used."),
        Field("protectionDomain", Text, "The protection domain."),
        Field("storagePool", Text, "The pool."),
        Field("storageMode", Text, "ThickProvisioned or ThinProvisioned."),
        Field("volumeName", Text, "The volume's name."),
        Field("fsType", Text, "The file system."),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>A disk, partition or folder of one node.</summary>
    public static Schema LocalVolumeSource { get; } = Record(
        Definitions.Core + "LocalVolumeSource", "A disk, partition or folder of one node.",
        Field("path", Text, "The path.").Required(),
        Field("fsType", Text, "The file system."));

    /// <summary>A StorageOS volume.</summary>
    public static Schema StorageOSPersistentVolumeSource { get; } = Record(
        Definitions.Core + "StorageOSPersistentVolumeSource", "A StorageOS volume.",
        Field("volumeName", Text, "The volume's name."),
        Field("volumeNamespace", Text, "The volume's namespace."),
        Field("fsType", Text, "The file system."),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("secretRef", ReferenceSchema.ObjectReference, "The secret."));

    /// <summary>A volume of a CSI driver.</summary>
    public static Schema CSIPersistentVolumeSource { get; } = Record(
        Definitions.Core + "CSIPersistentVolumeSource", "A volume of a CSI driver.",
        Field("driver", Text, "The driver's name.").Required(),
        Field("volumeHandle", Text, "The volume, as the driver names it.").Required(),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("fsType", Text, "The file system."),
        Field("volumeAttributes", Map(Text), "What the driver needs to know."),
        Field("controllerPublishSecretRef", ReferenceSchema.SecretReference, "The secret for attaching and detaching the volume."),
        Field("nodeStageSecretRef", ReferenceSchema.SecretReference, "The secret for preparing the volume on the node."),
        Field("nodePublishSecretRef", ReferenceSchema.SecretReference, "The secret for mounting the volume."),
        Field("controllerExpandSecretRef", ReferenceSchema.SecretReference, "The secret for growing the volume."),
        Field("nodeExpandSecretRef", ReferenceSchema.SecretReference, "The secret for growing the volume on the node."));

    /// <summary>What the storage is and who may use it.</summary>
    public static Schema PersistentVolumeSpec { get; } = Record(
        Definitions.Core + "PersistentVolumeSpec", "What the storage is and who may use it.",
        Field("capacity", Map(Quantity), "What the volume holds: storage."),
        Field("gcePersistentDisk", SharedSourceSchema.GCEPersistentDiskVolumeSource, "A disk of Google Compute Engine; served by pd.csi.storage.gke.io."),
        Field("awsElasticBlockStore", SharedSourceSchema.AWSElasticBlockStoreVolumeSource, "A disk of AWS; served by ebs.csi.aws.com."),
        Field("hostPath", SharedSourceSchema.HostPathVolumeSource, "A file or folder of the node."),
        Field("glusterfs", GlusterfsPersistentVolumeSource, "A Gluster volume."),
        Field("nfs", SharedSourceSchema.NFSVolumeSource, "An export of an NFS server."),
        Field("rbd", RBDPersistentVolumeSource, "A RADOS block device."),
        Field("iscsi", ISCSIPersistentVolumeSource, "An iSCSI disk."),
        Field("cinder", CinderPersistentVolumeSource, "A volume of OpenStack Cinder; served by cinder.csi.openstack.org."),
        Field("cephfs", CephFSPersistentVolumeSource, "A CephFS mount."),
        Field("fc", SharedSourceSchema.FCVolumeSource, "A Fibre Channel disk."),
        Field("flocker", SharedSourceSchema.FlockerVolumeSource, "A Flocker volume."),
        Field("flexVolume", FlexPersistentVolumeSource, "A volume of a FlexVolume driver."),
        Field("azureFile", AzureFilePersistentVolumeSource, "A share of Azure Files; served by file.csi.azure.com."),
        Field("vsphereVolume", SharedSourceSchema.VsphereVirtualDiskVolumeSource, "A disk of vSphere; served by csi.vsphere.vmware.com."),
        Field("quobyte", SharedSourceSchema.QuobyteVolumeSource, "A Quobyte volume."),
        Field("azureDisk", SharedSourceSchema.AzureDiskVolumeSource, "A disk of Azure; served by disk.csi.azure.com."),
        Field("photonPersistentDisk", SharedSourceSchema.PhotonPersistentDiskVolumeSource, "A disk of Photon."),
        Field("portworxVolume", SharedSourceSchema.PortworxVolumeSource, "A Portworx volume; served by pxd.portworx.com."),
        Field("scaleIO", ScaleIOPersistentVolumeSource, "A ScaleIO volume."),
        Field("local", LocalVolumeSource, "A file system of one node."),
        Field("storageos", StorageOSPersistentVolumeSource, "A StorageOS volume."),
        Field("csi", CSIPersistentVolumeSource, "A volume of a CSI driver."),
        Field("accessModes", List(Text), "How the volume may be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod."),
        Field("claimRef", ReferenceSchema.ObjectReference, "The claim that has the volume, or for which it is kept."),
        Field("persistentVolumeReclaimPolicy", OneOf("Delete", "Recycle", "Retain"), "What becomes of a released volume: Retain, Delete, Recycle.").Defaults("\"Retain\""),
        Field("storageClassName", Text, "The class; empty: none."),
        Field("mountOptions", List(Text), "Options of the mount."),
        Field("volumeMode", OneOf("Block", "Filesystem"), "Filesystem, or Block for a device.").Defaults("\"Filesystem\""),
        Field("nodeAffinity", ReferenceSchema.VolumeNodeAffinity, "The nodes that can use it, or that the pod wants."),
        Field("volumeAttributesClassName", Text, "The class of attributes that can change."));

    /// <summary>Where the volume is in its life.</summary>
    public static Schema PersistentVolumeStatus { get; } = Record(
        Definitions.Core + "PersistentVolumeStatus", "Where the volume is in its life.",
        Field("phase", Text, "Available, Bound, Released or Failed."),
        Field("message", Text, "For a person."),
        Field("reason", Text, "In one word, for a machine."),
        Field("lastPhaseTransitionTime", Time, "When the phase changed."));

    /// <summary>A piece of storage, made by a person or a driver.</summary>
    public static Schema PersistentVolume { get; } = Record(
        Definitions.Core + "PersistentVolume", "A piece of storage, made by a person or a driver.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", PersistentVolumeSpec, "What is wanted."),
            Field("status", PersistentVolumeStatus, "What is."),
        ]);
}
