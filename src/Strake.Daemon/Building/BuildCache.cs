using Strake.Build;
using Strake.Daemon.BuildKit;

namespace Strake.Daemon.Building;

/// <summary>What builds have left, as clients of BuildKit's protocol list and prune it.</summary>
/// <param name="builder">Keeps it.</param>
/// <param name="time">The clock.</param>
sealed class BuildCache(Builder builder, TimeProvider time)
{
    /// <summary>What there is.</summary>
    /// <param name="filters">Docker's filters; all must hold.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StrakeException">Invalid: a filter that is not known.</exception>
    public async Task<IReadOnlyList<CacheRecord>> ListAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        IReadOnlyList<CacheFilter> read = CacheFilter.Parse(filters);
        IReadOnlyList<BuildCacheItem> items = await builder.ListCacheAsync(cancellationToken);
        return [.. items.Where(item => read.All(filter => filter.Holds(item, time.GetUtcNow()))).Select(RecordOf)];
    }

    /// <summary>Removes.</summary>
    /// <param name="prune">What.</param>
    /// <param name="cancellationToken">Honoured between two items.</param>
    /// <returns>What was removed.</returns>
    /// <exception cref="StrakeException">Invalid: a filter that is not known.</exception>
    public async Task<IReadOnlyList<CacheRecord>> PruneAsync(CachePrune prune, CancellationToken cancellationToken)
    {
        IReadOnlyList<CacheRecord> there = await ListAsync([], cancellationToken);
        bool isWhole = prune.Filters.All(static filter => filter.Length == 0);
        IReadOnlyList<CacheRecord> meant = isWhole ? there : await ListAsync(prune.Filters, cancellationToken);
        if (meant.Count == 0) return [];
        BuildPruneReport report = await builder.PruneAsync(
            new BuildPruneQuery
            {
                All = prune.All,
                KeepBytes = KeepOf(prune, there.Sum(static record => record.SizeBytes)),
                UnusedSince = prune.KeepFor > TimeSpan.Zero ? time.GetUtcNow() - prune.KeepFor : null,
                Ids = isWhole ? [] : [.. meant.Select(static record => record.Id)],
            },
            cancellationToken);
        var removed = report.Removed.ToHashSet(StringComparer.Ordinal);
        return [.. there.Where(record => removed.Contains(record.Id))];
    }

    // As much stays as may, but no more than leaves the disk the room that is wanted.
    long KeepOf(CachePrune prune, long used)
    {
        long keep = Math.Max(prune.MaxUsedBytes, prune.ReservedBytes);
        if (prune.MinFreeBytes == 0) return keep;
        long fitting = Math.Max(0, used - Math.Max(0, prune.MinFreeBytes - builder.FreeBytes));
        return Math.Max(prune.ReservedBytes, prune.MaxUsedBytes > 0 ? Math.Min(fitting, prune.MaxUsedBytes) : fitting);
    }

    static CacheRecord RecordOf(BuildCacheItem item) => new(item.Id, item.Kind, item.SizeBytes)
    {
        Description = item.Description,
        CreatedAt = item.Created,
        LastUsedAt = item.LastUsed,
        UsageCount = item.Uses,
        IsInUse = item.IsInUse,
        IsShared = item.IsShared,
        IsMutable = item.Kind is "exec.cachemount",
    };
}
