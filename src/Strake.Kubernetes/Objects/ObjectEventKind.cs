namespace Strake.Kubernetes.Objects;

/// <summary>What happened to an object.</summary>
public enum ObjectEventKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It was written.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,
}
