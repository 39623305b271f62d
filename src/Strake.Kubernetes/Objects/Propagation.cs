namespace Strake.Kubernetes.Objects;

/// <summary>What becomes of what belongs to an object that is deleted.</summary>
public enum Propagation
{
    /// <summary>It goes after the object.</summary>
    Background,

    /// <summary>It goes first; the object is held by <see cref="Deletion.ForegroundFinalizer"/> as long as what blocks it is there.</summary>
    Foreground,

    /// <summary>It stays, and belongs to nobody; the object is held by <see cref="Deletion.OrphanFinalizer"/> until that is so.</summary>
    Orphan,
}
