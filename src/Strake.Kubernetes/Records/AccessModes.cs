namespace Strake.Kubernetes.Records;

/// <summary>Who may use a volume at once.</summary>
[Flags]
public enum AccessModes
{
    /// <summary>None said.</summary>
    None = 0,

    /// <summary>One node reads and writes; RWO.</summary>
    ReadWriteOnce = 1,

    /// <summary>Many nodes read; ROX.</summary>
    ReadOnlyMany = 2,

    /// <summary>Many nodes read and write; RWX.</summary>
    ReadWriteMany = 4,

    /// <summary>One pod reads and writes; RWOP.</summary>
    ReadWriteOncePod = 8,
}
