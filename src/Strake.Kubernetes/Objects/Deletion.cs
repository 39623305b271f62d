namespace Strake.Kubernetes.Objects;

/// <summary>How an object is deleted.</summary>
public sealed record Deletion
{
    /// <summary>Holds an object until what blocks it is gone.</summary>
    public const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>Holds an object until what belongs to it has been cut loose.</summary>
    public const string OrphanFinalizer = "orphan";

    /// <summary>The id that the object must have; null: any.</summary>
    public string? Uid { get; init; }

    /// <summary>The version that the object must have; null: any.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Seconds that the object has to end; null: as many as it says itself.</summary>
    public long? GracePeriodSeconds { get; init; }

    /// <summary>What becomes of what belongs to it; null: as its finalizers say, or else it goes after the object.</summary>
    public Propagation? Propagation { get; init; }

    /// <summary>Whether nothing is really done.</summary>
    public bool IsDryRun { get; init; }
}
