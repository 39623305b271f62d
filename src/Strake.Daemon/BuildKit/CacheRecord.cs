namespace Strake.Daemon.BuildKit;

/// <summary>Something that the build cache keeps.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Kind"><c>regular</c>, <c>source.local</c>, <c>exec.cachemount</c>, …</param>
/// <param name="SizeBytes">What it takes.</param>
sealed record CacheRecord(string Id, string Kind, long SizeBytes)
{
    /// <summary>What it is, for a person.</summary>
    public string Description { get; init; } = "";

    /// <summary>The ids of what it is built upon.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last of use; null: never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>How often it was of use.</summary>
    public long UsageCount { get; init; }

    /// <summary>Whether a build has it now.</summary>
    public bool IsInUse { get; init; }

    /// <summary>Whether an image has it, too.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether it can still change.</summary>
    public bool IsMutable { get; init; }
}
