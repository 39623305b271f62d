using Microsoft.Extensions.Logging;

namespace Strake.Layers;

/// <summary>
/// Puts right what the last run left: rolls back or resumes by the records (see <see cref="LayerState"/>), and removes what no record
/// names. What takes long, the removals, goes on in the background.
/// </summary>
sealed partial class LayerRecovery(IStorageDriver driver, LayerRecords records, LayerFiles files, LayerRemovals removals, ILogger logger)
{
    // A transaction has a bound.
    const int MostMarkedAtOnce = 1000;

    /// <summary>Looks at every record, directory and file once.</summary>
    /// <param name="cancellationToken">Cancels between two layers; what is left is found by the next start.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // A record that cannot be read still names its layer: neither its directory nor its split record is touched.
        var named = new HashSet<LayerId>();
        var layers = await records.ListAsync(
            (key, error) =>
            {
                LogUnreadable(logger, error);
                if (LayerId.TryParse(key, out var id)) named.Add(id);
            },
            cancellationToken);
        named.UnionWith(layers.Select(layer => layer.Id));

        var found = driver.List().ToHashSet();
        var rolledBack = new List<Layer>();
        foreach (var layer in layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsRolledBack(layer.Entry)) rolledBack.Add(layer);
            else Keep(layer, found.Contains(layer.Id));
        }

        await MarkAsync(rolledBack, cancellationToken);
        RollBack(rolledBack);
        RemoveNameless(found, named);
        RemoveFiles(layers, named);
    }

    // Before their removal, which goes on in the background: the collection that follows must not take what lies below them for needed.
    async Task MarkAsync(List<Layer> rolledBack, CancellationToken cancellationToken)
    {
        foreach (var some in rolledBack.Where(layer => layer.Entry.State != LayerState.Removing).Chunk(MostMarkedAtOnce))
            await records.TryMarkRemovingAsync(some, Durability.Eventual, cancellationToken);
    }

    static bool IsRolledBack(LayerEntry entry) => entry switch
    {
        // Observed: the daemon died, or a removal failed. Nobody finds these layers; their directories may be anything.
        { State: LayerState.Preparing or LayerState.Removing } => true,

        // Observed: the ingest that filled the layer died with the daemon.
        { State: LayerState.Active or LayerState.Sealing, Kind: LayerKind.Image } => true,

        { State: LayerState.Active, Kind: LayerKind.Writable } => false,
        { State: LayerState.Committed, Kind: LayerKind.Image } => false,

        // No operation of ours writes another pair. Whatever it means, the layer may be somebody's: it stays, and the check tells of it.
        _ => false,
    };

    void Keep(Layer layer, bool isFound)
    {
        // Reported here and by the check; the other layers must not be kept from their users.
        if (!isFound) LogMissing(logger, layer.Id, layer.Entry.State);
        if (layer.Entry.Kind != LayerKind.Writable) return;

        // A power cut may have taken a directory made shortly before, and with it all that was in it and not synced.
        try
        {
            driver.Create(layer.Id, layer.Entry.Parents);
        }
        catch (StrakeException e)
        {
            LogNotRemade(logger, layer.Id, e);
        }
    }

    void RollBack(List<Layer> layers)
    {
        foreach (var layer in layers) LogRolledBack(logger, layer.Id, layer.Entry.State);
        _ = removals.Begin([.. layers.OrderByDescending(layer => layer.Entry.Parents.Count).Select(layer => layer.Id)]);
    }

    void RemoveNameless(HashSet<LayerId> found, HashSet<LayerId> named)
    {
        var nameless = found.Except(named).ToList();
        foreach (var id in nameless) LogNameless(logger, id);
        _ = removals.Begin(nameless);
    }

    void RemoveFiles(IReadOnlyList<Layer> layers, HashSet<LayerId> named)
    {
        // A writable layer has one only while it becomes an image's.
        var gone = layers.Where(layer => IsRolledBack(layer.Entry) || layer.Entry.Kind == LayerKind.Writable).Select(layer => layer.Id).ToHashSet();
        foreach (var name in files.ListSplits())
        {
            if (!LayerId.TryParse(name, out var id) || gone.Contains(id) || !named.Contains(id)) files.RemoveSplit(name);
        }

        foreach (var path in files.ListSpools()) File.Delete(path);
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Error, Message = "A layer's record cannot be read; the layer is left as it is")]
    static partial void LogUnreadable(ILogger logger, Exception error);

    [LoggerMessage(EventId = 11, Level = LogLevel.Error, Message = "Layer {Id} is recorded as {State}, and its directory is not there")]
    static partial void LogMissing(ILogger logger, LayerId id, LayerState state);

    [LoggerMessage(EventId = 12, Level = LogLevel.Error, Message = "Writable layer {Id} cannot be made ready")]
    static partial void LogNotRemade(ILogger logger, LayerId id, Exception error);

    [LoggerMessage(EventId = 13, Level = LogLevel.Information, Message = "Layer {Id} was left {State} by the last run, and is removed")]
    static partial void LogRolledBack(ILogger logger, LayerId id, LayerState state);

    [LoggerMessage(EventId = 14, Level = LogLevel.Information, Message = "Layer {Id} has a directory and no record, and is removed")]
    static partial void LogNameless(ILogger logger, LayerId id);
}
