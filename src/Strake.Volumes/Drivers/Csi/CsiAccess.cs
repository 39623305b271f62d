namespace Strake.Volumes;

/// <summary>Who may use a volume at once, in the words of Kubernetes.</summary>
enum CsiAccess
{
    /// <summary>RWO: one node writes.</summary>
    ReadWriteOnce,

    /// <summary>ROX: many nodes read.</summary>
    ReadOnlyMany,

    /// <summary>RWX: many nodes write.</summary>
    ReadWriteMany,

    /// <summary>RWOP: one user on one node.</summary>
    ReadWriteOncePod,
}
