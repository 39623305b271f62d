namespace Strake.Daemon.BuildKit;

/// <summary>What is to be removed from the build cache.</summary>
/// <param name="All">Also what belongs to images or may be of use again.</param>
/// <param name="Filters">Docker's filters, <c>name=value</c>; all must hold.</param>
sealed record CachePrune(bool All, IReadOnlyList<string> Filters)
{
    /// <summary>What was of use within this time stays; zero: nothing does for that.</summary>
    public TimeSpan KeepFor { get; init; }

    /// <summary>How much may stay; bytes. 0: nothing need.</summary>
    public long MaxUsedBytes { get; init; }

    /// <summary>How much stays in any case; bytes.</summary>
    public long ReservedBytes { get; init; }

    /// <summary>How much is to be free on the disk; bytes. 0: whatever there is.</summary>
    public long MinFreeBytes { get; init; }
}
