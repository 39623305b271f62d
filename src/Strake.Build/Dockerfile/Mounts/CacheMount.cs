namespace Strake.Build;

/// <summary><c>type=cache</c>: a directory that outlives the build.</summary>
public sealed record CacheMount : RunMount
{
    /// <summary>Its permissions when it is made and nothing else is said.</summary>
    public const uint DefaultMode = 0b111_101_101;

    /// <summary>Its name; empty: the cleaned target is its name.</summary>
    public string Id { get; init; } = "";

    /// <summary>How builds share it.</summary>
    public CacheSharing Sharing { get; init; }

    /// <summary>A stage's name or an image that it begins with; empty for nothing.</summary>
    public string From { get; init; } = "";

    /// <summary>The path in it that is mounted; empty for its root.</summary>
    public string Source { get; init; } = "";

    /// <summary>Whether it can only be read: no unless said otherwise.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Who has the directory and what they may, if it is made now; null when none of it was said.</summary>
    public MountOwnership? Ownership { get; init; }
}
