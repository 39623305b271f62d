using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers;

/// <summary>An object among all of all kinds.</summary>
/// <param name="Resource">Its kind, as the plural of its API: <c>persistentvolumeclaims</c>.</param>
/// <param name="Key">Where it is found there.</param>
public readonly record struct ObjectId(string Resource, ObjectKey Key)
{
    /// <summary>The resource of claims.</summary>
    public const string Claims = "persistentvolumeclaims";

    /// <summary>The resource of volumes.</summary>
    public const string Volumes = "persistentvolumes";

    /// <summary>The resource of classes.</summary>
    public const string Classes = "storageclasses";

    /// <summary>The resource of pods.</summary>
    public const string Pods = "pods";

    /// <summary>The resource of nodes.</summary>
    public const string Nodes = "nodes";

    /// <summary>The resource of config maps.</summary>
    public const string ConfigMaps = "configmaps";

    /// <summary>The resource of secrets.</summary>
    public const string Secrets = "secrets";

    /// <summary>The resource of what nodes say of their CSI drivers.</summary>
    public const string CsiNodes = "csinodes";

    /// <summary>The resource of CSI drivers.</summary>
    public const string CsiDrivers = "csidrivers";

    /// <summary>The resource of snapshots.</summary>
    public const string Snapshots = "volumesnapshots";

    /// <summary>The resource of snapshots' contents.</summary>
    public const string SnapshotContents = "volumesnapshotcontents";

    /// <summary>The resource of snapshots' classes.</summary>
    public const string SnapshotClasses = "volumesnapshotclasses";

    /// <summary>The resource of attributes classes.</summary>
    public const string AttributesClasses = "volumeattributesclasses";

    /// <summary>A claim.</summary>
    /// <param name="key">Where it is found.</param>
    public static ObjectId Claim(ObjectKey key) => new(Claims, key);

    /// <summary>A volume.</summary>
    /// <param name="name">Its name.</param>
    public static ObjectId Volume(string name) => new(Volumes, new ObjectKey("", name));

    /// <summary>A pod.</summary>
    /// <param name="key">Where it is found.</param>
    public static ObjectId Pod(ObjectKey key) => new(Pods, key);

    /// <summary>A node.</summary>
    /// <param name="name">Its name.</param>
    public static ObjectId Node(string name) => new(Nodes, new ObjectKey("", name));

    /// <summary>Kind and key, for messages.</summary>
    public override string ToString() => $"{Resource}/{Key}";
}
