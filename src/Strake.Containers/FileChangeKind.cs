namespace Strake.Containers;

/// <summary>What happened to a file; the numbers are Docker's.</summary>
public enum FileChangeKind
{
    /// <summary>Its content or attributes were changed.</summary>
    Modified = 0,

    /// <summary>It is new.</summary>
    Added = 1,

    /// <summary>It was removed.</summary>
    Deleted = 2,
}
