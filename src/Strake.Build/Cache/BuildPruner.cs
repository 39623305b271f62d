using Strake.Images;

namespace Strake.Build;

/// <summary>Lists and removes what builds have left.</summary>
sealed class BuildPruner(BuildServices services)
{
    /// <summary>All of it, that which was of use last first.</summary>
    public async Task<IReadOnlyList<BuildCacheItem>> ListAsync(CancellationToken cancellationToken)
    {
        var used = await LayersOfImagesAsync(cancellationToken);
        var steps = (await services.Cache.ListAsync(cancellationToken)).Select(record => Item(record, used));
        return [.. steps.Concat(services.CacheMounts.List().Select(Item)).OrderByDescending(static item => item.LastUsed)];
    }

    /// <summary>Removes, that which was of no use for the longest time first, until as much is left as may stay.</summary>
    public async Task<BuildPruneReport> PruneAsync(BuildPruneQuery query, CancellationToken cancellationToken)
    {
        var items = (await ListAsync(cancellationToken)).Reverse().Where(item => IsMeant(item, query)).ToList();
        var records = (await services.Cache.ListAsync(cancellationToken)).ToDictionary(static record => record.Id, StringComparer.Ordinal);
        var left = items.Sum(static item => item.SizeBytes);
        List<string> removed = [];
        long reclaimed = 0;
        foreach (var item in items)
        {
            if (query.KeepBytes > 0 && left <= query.KeepBytes) break;
            cancellationToken.ThrowIfCancellationRequested();
            if (records.TryGetValue(item.Id, out var record)) await RemoveAsync(record, cancellationToken);
            else if (!services.CacheMounts.TryRemove(item.Id)) continue;
            removed.Add(item.Id);
            left -= item.SizeBytes;
            reclaimed += item.SizeBytes;
        }

        return new BuildPruneReport(removed, reclaimed);
    }

    async Task RemoveAsync(Versioned<CacheEntry> record, CancellationToken cancellationToken)
    {
        FaultPoint.Reach("build.prune.before");
        if (await services.Cache.RemoveAsync(record, cancellationToken) is { } chain) await services.Layers.CollectAsync([chain], cancellationToken);
        FaultPoint.Reach("build.prune.removed");
    }

    static bool IsMeant(BuildCacheItem item, BuildPruneQuery query) =>
        !item.IsInUse
        && (query.All || !item.IsShared)
        && (query.UnusedSince is not { } since || item.LastUsed < since)
        && (query.Ids.Count == 0 || query.Ids.Any(id => item.Id.StartsWith(id, StringComparison.Ordinal)))
        && (query.Kinds.Count == 0 || query.Kinds.Contains(item.Kind, StringComparer.Ordinal));

    static BuildCacheItem Item(Versioned<CacheEntry> record, HashSet<string> used)
    {
        var entry = record.Value;
        var isShared = used.Contains(entry.Layer);
        return new BuildCacheItem
        {
            Id = record.Id,
            Kind = entry.Kind,
            Description = entry.Description,
            SizeBytes = isShared ? 0 : entry.SizeBytes,
            Created = entry.Created,
            LastUsed = entry.LastUsed,
            Uses = entry.Uses,
            IsShared = isShared,
        };
    }

    static BuildCacheItem Item(CacheMountInfo mount) => new()
    {
        Id = mount.Name,
        Kind = CacheKinds.Mount,
        Description = $"cached mount {mount.Id}",
        SizeBytes = mount.SizeBytes,
        Created = mount.Created,
        LastUsed = mount.LastUsed,
        IsInUse = mount.IsInUse,
    };

    async Task<HashSet<string>> LayersOfImagesAsync(CancellationToken cancellationToken)
    {
        var images = await services.Images.ListAsync(new ImageQuery { All = true }, cancellationToken);
        var layers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var image in images)
        {
            if (await services.Images.FindAsync(image.Id, cancellationToken) is { } found) layers.UnionWith(found.Config.DiffIds.Select(static layer => layer.ToString()));
        }

        return layers;
    }
}
