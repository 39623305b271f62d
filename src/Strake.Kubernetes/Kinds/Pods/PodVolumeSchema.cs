using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Volumes of a pod and their sources.</summary>
static class PodVolumeSchema
{
    /// <summary>A folder that lives as long as the pod.</summary>
    public static Schema EmptyDirVolumeSource { get; } = Record(
        Definitions.Core + "EmptyDirVolumeSource", "A folder that lives as long as the pod.",
        Field("medium", Text, "Where it lies: empty for the node's disk, Memory, HugePages."),
        Field("sizeLimit", Quantity, "The most that it may hold."),
        Field("mode", Number32, "The file's mode."));

    /// <summary>A secret whose entries become files.</summary>
    public static Schema SecretVolumeSource { get; } = Record(
        Definitions.Core + "SecretVolumeSource", "A secret whose entries become files.",
        Field("secretName", Text, "The secret."),
        Field("items", List(ReferenceSchema.KeyToPath), "The entries that become files; none named: all."),
        Field("defaultMode", Number32, "The mode of files that say no other, 0644 by default.").Defaults("420"),
        Field("optional", Flag, "Whether it may be missing."),
        Field("defaultUser", Number64, "The user of registrations without one."));

    /// <summary>An iSCSI disk.</summary>
    public static Schema ISCSIVolumeSource { get; } = Record(
        Definitions.Core + "ISCSIVolumeSource", "An iSCSI disk.",
        Field("targetPortal", Text, "The portal, host and port.").Required(),
        Field("iqn", Text, "The target's name.").Required(),
        Field("lun", Number32, "The logical unit.").Required(),
        Field("iscsiInterface", Text, "The interface, default by default.").Defaults("\"default\""),
        Field("fsType", Text, "The file system."),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("portals", List(Text), "Further portals."),
        Field("chapAuthDiscovery", Flag, "Whether discovery uses CHAP."),
        Field("chapAuthSession", Flag, "Whether the session uses CHAP."),
        Field("secretRef", ReferenceSchema.LocalObjectReference, "The secret."),
        Field("initiatorName", Text, "The initiator's name."));

    /// <summary>A Gluster volume.</summary>
    public static Schema GlusterfsVolumeSource { get; } = Record(
        Definitions.Core + "GlusterfsVolumeSource", "A Gluster volume.",
        Field("endpoints", Text, "The endpoints.").Required(),
        Field("path", Text, "The path.").Required(),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>A claim of the pod's namespace.</summary>
    public static Schema PersistentVolumeClaimVolumeSource { get; } = Record(
        Definitions.Core + "PersistentVolumeClaimVolumeSource", "A claim of the pod's namespace.",
        Field("claimName", Text, "The claim, in the pod's namespace.").Required(),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>A RADOS block device.</summary>
    public static Schema RBDVolumeSource { get; } = Record(
        Definitions.Core + "RBDVolumeSource", "A RADOS block device.",
        Field("monitors", List(Text), "The addresses of the monitors.").Required(),
        Field("image", Text, "The image.").Required(),
        Field("fsType", Text, "The file system."),
        Field("pool", Text, "The pool.").Defaults("\"rbd\""),
        Field("user", Text, "The user.").Defaults("\"admin\""),
        Field("keyring", Text, "The path of the keyring.").Defaults("\"/etc/ceph/keyring\""),
        Field("secretRef", ReferenceSchema.LocalObjectReference, "The secret."),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>A volume of a FlexVolume driver.</summary>
    public static Schema FlexVolumeSource { get; } = Record(
        Definitions.Core + "FlexVolumeSource", "A volume of a FlexVolume driver.",
        Field("driver", Text, "The driver's name.").Required(),
        Field("fsType", Text, "The file system."),
        Field("secretRef", ReferenceSchema.LocalObjectReference, "The secret."),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("options", Map(Text), "The driver's options."));

    /// <summary>A volume of OpenStack Cinder; served by cinder.csi.openstack.org.</summary>
    public static Schema CinderVolumeSource { get; } = Record(
        Definitions.Core + "CinderVolumeSource", "A volume of OpenStack Cinder; served by cinder.csi.openstack.org.",
        Field("volumeID", Text, "The volume's id.").Required(),
        Field("fsType", Text, "The file system."),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("secretRef", ReferenceSchema.LocalObjectReference, "The secret."));

    /// <summary>A CephFS mount.</summary>
    public static Schema CephFSVolumeSource { get; } = Record(
        Definitions.Core + "CephFSVolumeSource", "A CephFS mount.",
        Field("monitors", List(Text), "The addresses of the monitors.").Required(),
        Field("path", Text, "The path."),
        Field("user", Text, "The user."),
        Field("secretFile", Text, "The path of the secret's file."),
        Field("secretRef", ReferenceSchema.LocalObjectReference, "The secret."),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>The entries that become files; none named: all.</summary>
    public static Schema DownwardAPIVolumeFile { get; } = Record(
        Definitions.Core + "DownwardAPIVolumeFile", "The entries that become files; none named: all.",
        Field("path", Text, "The path.").Required(),
        Field("fieldRef", ReferenceSchema.ObjectFieldSelector, "A field of the pod."),
        Field("resourceFieldRef", ReferenceSchema.ResourceFieldSelector, "A resource of a container."),
        Field("mode", Number32, "The file's mode."),
        Field("user", Number64, "The user."));

    /// <summary>Fields of the pod, as files.</summary>
    public static Schema DownwardAPIVolumeSource { get; } = Record(
        Definitions.Core + "DownwardAPIVolumeSource", "Fields of the pod, as files.",
        Field("items", List(DownwardAPIVolumeFile), "The entries that become files; none named: all."),
        Field("defaultMode", Number32, "The mode of files that say no other, 0644 by default.").Defaults("420"),
        Field("defaultUser", Number64, "The user of registrations without one."));

    /// <summary>A share of Azure Files; served by file.csi.azure.com.</summary>
    public static Schema AzureFileVolumeSource { get; } = Record(
        Definitions.Core + "AzureFileVolumeSource", "A share of Azure Files; served by file.csi.azure.com.",
        Field("secretName", Text, "The secret.").Required(),
        Field("shareName", Text, "The share.").Required(),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>A config map whose entries become files.</summary>
    public static Schema ConfigMapVolumeSource { get; } = Record(
        Definitions.Core + "ConfigMapVolumeSource", "A config map whose entries become files.",
        Field("name", Text, "The name."),
        Field("items", List(ReferenceSchema.KeyToPath), "The entries that become files; none named: all."),
        Field("defaultMode", Number32, "The mode of files that say no other, 0644 by default.").Defaults("420"),
        Field("optional", Flag, "Whether it may be missing."),
        Field("defaultUser", Number64, "The user of registrations without one."));

    /// <summary>A secret whose entries become files.</summary>
    public static Schema SecretProjection { get; } = Record(
        Definitions.Core + "SecretProjection", "A secret whose entries become files.",
        Field("name", Text, "The name."),
        Field("items", List(ReferenceSchema.KeyToPath), "The entries that become files; none named: all."),
        Field("optional", Flag, "Whether it may be missing."));

    /// <summary>Fields of the pod, as files.</summary>
    public static Schema DownwardAPIProjection { get; } = Record(
        Definitions.Core + "DownwardAPIProjection", "Fields of the pod, as files.",
        Field("items", List(DownwardAPIVolumeFile), "The entries that become files; none named: all."));

    /// <summary>A config map whose entries become files.</summary>
    public static Schema ConfigMapProjection { get; } = Record(
        Definitions.Core + "ConfigMapProjection", "A config map whose entries become files.",
        Field("name", Text, "The name."),
        Field("items", List(ReferenceSchema.KeyToPath), "The entries that become files; none named: all."),
        Field("optional", Flag, "Whether it may be missing."));

    /// <summary>A token of the pod's account.</summary>
    public static Schema ServiceAccountTokenProjection { get; } = Record(
        Definitions.Core + "ServiceAccountTokenProjection", "A token of the pod's account.",
        Field("audience", Text, "Whom the token is for."),
        Field("expirationSeconds", Number64, "Seconds that the token is valid.").Defaults("3600"),
        Field("path", Text, "The path.").Required(),
        Field("user", Number64, "The user."));

    /// <summary>Where it comes from.</summary>
    public static Schema VolumeProjection { get; } = Record(
        Definitions.Core + "VolumeProjection", "Where it comes from.",
        Field("secret", SecretProjection, "A secret whose entries become files."),
        Field("downwardAPI", DownwardAPIProjection, "Fields of the pod, as files."),
        Field("configMap", ConfigMapProjection, "A config map whose entries become files."),
        Field("serviceAccountToken", ServiceAccountTokenProjection, "A token of the pod's account."));

    /// <summary>Several sources in one folder.</summary>
    public static Schema ProjectedVolumeSource { get; } = Record(
        Definitions.Core + "ProjectedVolumeSource", "Several sources in one folder.",
        Field("sources", List(VolumeProjection), "Where it comes from."),
        Field("defaultMode", Number32, "The mode of files that say no other, 0644 by default.").Defaults("420"),
        Field("defaultUser", Number64, "The user of registrations without one."));

    /// <summary>A ScaleIO volume.</summary>
    public static Schema ScaleIOVolumeSource { get; } = Record(
        Definitions.Core + "ScaleIOVolumeSource", "A ScaleIO volume.",
        Field("gateway", Text, "The gateway's address.").Required(),
        Field("system", Text, "The system.").Required(),
        Field("secretRef", ReferenceSchema.LocalObjectReference, "The secret.").Required(),
        Field("sslEnabled", Flag, "Whether TLS is used."),
        Field("protectionDomain", Text, "The protection domain."),
        Field("storagePool", Text, "The pool."),
        Field("storageMode", Text, "ThickProvisioned or ThinProvisioned."),
        Field("volumeName", Text, "The volume's name."),
        Field("fsType", Text, "The file system."),
        Field("readOnly", Flag, "Whether it cannot be written."));

    /// <summary>A StorageOS volume.</summary>
    public static Schema StorageOSVolumeSource { get; } = Record(
        Definitions.Core + "StorageOSVolumeSource", "A StorageOS volume.",
        Field("volumeName", Text, "The volume's name."),
        Field("volumeNamespace", Text, "The volume's namespace."),
        Field("fsType", Text, "The file system."),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("secretRef", ReferenceSchema.LocalObjectReference, "The secret."));

    /// <summary>A volume of a CSI driver that lives as long as the pod.</summary>
    public static Schema CSIVolumeSource { get; } = Record(
        Definitions.Core + "CSIVolumeSource", "A volume of a CSI driver that lives as long as the pod.",
        Field("driver", Text, "The driver's name.").Required(),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("fsType", Text, "The file system."),
        Field("volumeAttributes", Map(Text), "What the driver needs to know."),
        Field("nodePublishSecretRef", ReferenceSchema.LocalObjectReference, "The secret for mounting the volume."));

    /// <summary>A claim that lives as long as the pod.</summary>
    public static Schema EphemeralVolumeSource { get; } = Record(
        Definitions.Core + "EphemeralVolumeSource", "A claim that lives as long as the pod.",
        Field("volumeClaimTemplate", ClaimSchema.PersistentVolumeClaimTemplate, "The claim that is made with the pod."));

    /// <summary>The image.</summary>
    public static Schema ImageVolumeSource { get; } = Record(
        Definitions.Core + "ImageVolumeSource", "The image.",
        Field("reference", Text, "The image."),
        Field("pullPolicy", OneOf("Always", "Never", "IfNotPresent"), "Whether it is pulled: Always, IfNotPresent, Never."));

    /// <summary>A folder or device that the pod's containers can mount.</summary>
    public static Schema Volume { get; } = Record(
        Definitions.Core + "Volume", "A folder or device that the pod's containers can mount.",
        Field("name", Text, "The name.").Required(),
        Field("hostPath", SharedSourceSchema.HostPathVolumeSource, "A file or folder of the node."),
        Field("emptyDir", EmptyDirVolumeSource, "A folder that lives as long as the pod."),
        Field("gcePersistentDisk", SharedSourceSchema.GCEPersistentDiskVolumeSource, "A disk of Google Compute Engine; served by pd.csi.storage.gke.io."),
        Field("awsElasticBlockStore", SharedSourceSchema.AWSElasticBlockStoreVolumeSource, "A disk of AWS; served by ebs.csi.aws.com."),
        Field("secret", SecretVolumeSource, "A secret whose entries become files."),
        Field("nfs", SharedSourceSchema.NFSVolumeSource, "An export of an NFS server."),
        Field("iscsi", ISCSIVolumeSource, "An iSCSI disk."),
        Field("glusterfs", GlusterfsVolumeSource, "A Gluster volume."),
        Field("persistentVolumeClaim", PersistentVolumeClaimVolumeSource, "A claim of the pod's namespace."),
        Field("rbd", RBDVolumeSource, "A RADOS block device."),
        Field("flexVolume", FlexVolumeSource, "A volume of a FlexVolume driver."),
        Field("cinder", CinderVolumeSource, "A volume of OpenStack Cinder; served by cinder.csi.openstack.org."),
        Field("cephfs", CephFSVolumeSource, "A CephFS mount."),
        Field("flocker", SharedSourceSchema.FlockerVolumeSource, "A Flocker volume."),
        Field("downwardAPI", DownwardAPIVolumeSource, "Fields of the pod, as files."),
        Field("fc", SharedSourceSchema.FCVolumeSource, "A Fibre Channel disk."),
        Field("azureFile", AzureFileVolumeSource, "A share of Azure Files; served by file.csi.azure.com."),
        Field("configMap", ConfigMapVolumeSource, "A config map whose entries become files."),
        Field("vsphereVolume", SharedSourceSchema.VsphereVirtualDiskVolumeSource, "A disk of vSphere; served by csi.vsphere.vmware.com."),
        Field("quobyte", SharedSourceSchema.QuobyteVolumeSource, "A Quobyte volume."),
        Field("azureDisk", SharedSourceSchema.AzureDiskVolumeSource, "A disk of Azure; served by disk.csi.azure.com."),
        Field("photonPersistentDisk", SharedSourceSchema.PhotonPersistentDiskVolumeSource, "A disk of Photon."),
        Field("projected", ProjectedVolumeSource, "Several sources in one folder."),
        Field("portworxVolume", SharedSourceSchema.PortworxVolumeSource, "A Portworx volume; served by pxd.portworx.com."),
        Field("scaleIO", ScaleIOVolumeSource, "A ScaleIO volume."),
        Field("storageos", StorageOSVolumeSource, "A StorageOS volume."),
        Field("csi", CSIVolumeSource, "A volume of a CSI driver."),
        Field("ephemeral", EphemeralVolumeSource, "A claim that lives as long as the pod."),
        Field("image", ImageVolumeSource, "The image."));
}
