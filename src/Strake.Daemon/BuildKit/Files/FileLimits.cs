namespace Strake.Daemon.BuildKit.Files;

/// <summary>What a sender may not exceed: far above any build context, far below what would hurt.</summary>
sealed record FileLimits
{
    /// <summary>What is used unless somebody says otherwise.</summary>
    public static FileLimits Default { get; } = new();

    /// <summary>How many files there may be, of all kinds: as many as a large repository has, times ten.</summary>
    public int MaxEntries { get; init; } = 5_000_000;

    /// <summary>How many bytes all names, link targets and attributes may take together.</summary>
    public long MaxMetadataBytes { get; init; } = 1L << 30;

    /// <summary>How long one file may be; bytes.</summary>
    public long MaxFileBytes { get; init; } = 1L << 40;

    /// <summary>How many bytes all files may have together.</summary>
    public long MaxTotalBytes { get; init; } = 1L << 44;

    /// <summary>How deep directories may lie in one another.</summary>
    public int MaxDepth { get; init; } = 1024;
}
