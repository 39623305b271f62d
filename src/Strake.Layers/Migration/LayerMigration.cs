using Microsoft.Extensions.Logging;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Moves all layers, those of images and those of stopped containers with their changes, from one storage driver to another. A layer keeps its id, so
/// nothing else that is recorded changes.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>What an earlier, interrupted migration left with the target is removed.</item>
/// <item>Each layer is written with the target, those below first, and verified: an image's by the digest of its tar, a container's by its changes.</item>
/// <item>All of it is on disk; then one record says that the target has the layers. Before, the old driver has them all, unchanged.</item>
/// <item>The old driver's layers are removed. Interrupted here, a repetition goes on here.</item>
/// </list>
/// </remarks>
public sealed partial class LayerMigration
{
    readonly LayerMigrationOptions options;
    readonly LayerRecords records;

    LayerMigration(LayerMigrationOptions options)
    {
        this.options = options;
        records = new(options.State);
    }

    /// <summary>Migrates; may be repeated after an interruption at any point.</summary>
    /// <param name="options">What it works with.</param>
    /// <param name="cancellationToken">Honoured until the record is written that the target has the layers.</param>
    /// <returns>How many layers were moved; 0 where the target had them already.</returns>
    /// <exception cref="StrakeException">
    /// InUse: a layer is mounted; its container must be stopped. NotSupported: a container has a size limit, and the target has none. DataLoss: a layer
    /// is damaged; it is named, and the old store is as it was. Unavailable: the target cannot work here. Exhausted: the disk is full.
    /// </exception>
    public static Task<int> RunAsync(LayerMigrationOptions options, CancellationToken cancellationToken = default) =>
        new LayerMigration(options).RunAsync(cancellationToken);

    async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // Where no layer is recorded none is anybody's, and none is touched: the records may have been lost.
        if (await records.FindDriverAsync(cancellationToken) is not { } name) return 0;
        try
        {
            var moved = IsTarget(name) ? 0 : await MoveAsync(Named(name), cancellationToken);
            foreach (var old in options.Drivers.Where(driver => !IsTarget(driver.Name))) await RemoveAllAsync(old);
            return moved;
        }
        finally
        {
            foreach (var driver in options.Drivers.Append(options.Target)) (driver as IDisposable)?.Dispose();
        }
    }

    bool IsTarget(string name) => string.Equals(name, options.Target.Name, StringComparison.Ordinal);

    IStorageDriver Named(string name) => options.Drivers.FirstOrDefault(driver => string.Equals(driver.Name, name, StringComparison.Ordinal))
        ?? throw StrakeException.NotFound($"the data root holds layers of the storage driver {name}, which is not known");

    async Task<int> MoveAsync(IStorageDriver source, CancellationToken cancellationToken)
    {
        var layers = await SettleAsync(source, cancellationToken);
        RefuseMounted(layers);
        options.Target.Probe();
        RefuseLimits(layers);
        await RemoveAllAsync(options.Target);
        FaultPoint.Reach("migration.cleared");

        var move = new LayerMove(source, options.Target, new LayerFiles(options.DataRoot));
        for (var i = 0; i < layers.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogMoving(options.Logger, layers[i].Id, i + 1, layers.Count);
            await move.RunAsync(layers[i], cancellationToken);
            FaultPoint.Reach("migration.layer-moved");
        }

        move.Sync();
        FaultPoint.Reach("migration.before-record");
        await records.HandOverAsync(source.Name, options.Target.Name);
        FaultPoint.Reach("migration.recorded");
        return layers.Count;
    }

    // As a start of the daemon would: what was unfinished is finished or undone. Those below come first.
    async Task<List<Layer>> SettleAsync(IStorageDriver source, CancellationToken cancellationToken)
    {
        var open = new LayerStoreOptions { DataRoot = options.DataRoot, Driver = source, State = options.State, Time = options.Time, Logger = options.Logger };
        await (await LayerStore.OpenAsync(open, cancellationToken)).DisposeAsync();
        // The store has closed the driver.
        source.Probe();
        var layers = await records.ListAsync(static (_, error) => throw error, cancellationToken);
        return [.. layers.OrderBy(layer => layer.Entry.Parents.Count)];
    }

    void RefuseMounted(List<Layer> layers)
    {
        var contents = options.Drivers.Select(driver => Path.Combine(options.DataRoot, driver.Name) + "/").ToList();
        var mounts = MountTable.Read().Where(mount => !contents.Exists(home => mount.MountPoint.StartsWith(home, StringComparison.Ordinal))).ToList();
        // A container's layers first: its mount names those of its image too, and it is the container that is to be stopped.
        foreach (var layer in layers.OrderByDescending(layer => layer.Entry.Parents.Count))
        {
            var id = layer.Id.ToString();
            if (mounts.Find(mount => new[] { mount.SuperOptions, mount.Root, mount.Source }.Any(text => text.Contains(id, StringComparison.Ordinal))) is { } mount)
                throw StrakeException.InUse($"layer {id} of {layer.Entry.Owner ?? "an image"} is mounted at {mount.MountPoint}: stop all containers first");
        }
    }

    void RefuseLimits(List<Layer> layers)
    {
        if (options.Target.Traits.SizeLimit || layers.Find(layer => layer.Entry.SizeLimitBytes is not null) is not { } limited) return;
        throw StrakeException.NotSupported($"{limited.Entry.Owner} has a size limit, and {options.Target.Name} cannot limit sizes here");
    }

    // Children before parents; what has no record last, for nothing that is recorded lies on it.
    async Task RemoveAllAsync(IStorageDriver driver)
    {
        var left = driver.List();
        if (left.Count == 0) return;
        driver.Probe();
        var depths = (await records.ListAsync(static (_, _) => { }, CancellationToken.None)).ToDictionary(layer => layer.Id, layer => layer.Entry.Parents.Count);
        foreach (var id in left.OrderByDescending(id => depths.GetValueOrDefault(id, -1)))
        {
            driver.Remove(id);
            FaultPoint.Reach("migration.old-removed");
        }
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Information, Message = "Moving layer {Id}, {Number} of {Count}")]
    static partial void LogMoving(ILogger logger, LayerId id, int number, int count);
}
