using Strake.Linux;

namespace Strake.Layers;

/// <summary>Compares what the records say with what is there. Changes nothing; each finding is a line that names the object.</summary>
sealed class LayerCheck(IStorageDriver driver, LayerRecords records, LayerFiles files, SplitRepair splits)
{
    readonly List<string> findings = [];
    readonly HashSet<string> contents = new(StringComparer.Ordinal);

    /// <summary>Looks at everything once.</summary>
    /// <param name="mounts">Where layers are rightly mounted.</param>
    /// <param name="cancellationToken">Stops between two layers.</param>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlySet<string> mounts, CancellationToken cancellationToken)
    {
        var named = new HashSet<LayerId>();
        var layers = await records.ListAsync(
            (key, error) =>
            {
                findings.Add(error.Message);
                if (LayerId.TryParse(key, out var id)) named.Add(id);
            },
            cancellationToken);
        var known = layers.ToDictionary(layer => layer.Id);
        named.UnionWith(known.Keys);

        foreach (var layer in layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CheckState(layer);
            CheckParents(layer, known);
            await CheckNeededAsync(layer, cancellationToken);
        }

        await CheckIndexesAsync(known, cancellationToken);
        CheckDirectories(layers, named);
        await CheckFilesAsync(layers, named, cancellationToken);
        CheckMounts([.. named.Union(driver.List())], mounts);
        return findings;
    }

    void CheckState(Layer layer)
    {
        if (layer.Entry is not ({ State: LayerState.Active, Kind: LayerKind.Writable } or { State: LayerState.Committed, Kind: LayerKind.Image }))
            findings.Add($"layer {layer.Id} is recorded as {layer.Entry.State}: something was not finished");
    }

    void CheckParents(Layer layer, Dictionary<LayerId, Layer> known)
    {
        foreach (var parent in layer.Entry.Parents)
        {
            if (!known.TryGetValue(parent, out var below)) findings.Add($"layer {layer.Id} lies on {parent}, which has no record");
            else if (below.Entry.State != LayerState.Committed) findings.Add($"layer {layer.Id} lies on {parent}, which is recorded as {below.Entry.State}");
        }
    }

    async Task CheckNeededAsync(Layer layer, CancellationToken cancellationToken)
    {
        if (layer.Entry is not { State: LayerState.Committed, Chain: { } chain }) return;
        if (await records.IsReferredToAsync(chain, cancellationToken) || (await records.ChildrenAsync(layer.Id, cancellationToken)).Count > 0) return;
        findings.Add($"layer {layer.Id}, chain {chain}, is needed by nothing");
    }

    async Task CheckIndexesAsync(Dictionary<LayerId, Layer> known, CancellationToken cancellationToken)
    {
        var chains = await records.IndexAsync("chain/", cancellationToken);
        foreach (var (hex, id) in chains)
        {
            if (!IsKnown(id, known, layer => layer.Entry.State == LayerState.Committed && string.Equals(layer.Entry.Chain?.Digest.Hex, hex, StringComparison.Ordinal)))
                findings.Add($"chain {hex} is recorded as layer {id}, which is not committed under it");
        }

        foreach (var (owner, id) in await records.IndexAsync("layer-owner/", cancellationToken))
        {
            if (!IsKnown(id, known, layer => layer.Entry.State == LayerState.Active && string.Equals(layer.Entry.Owner, owner, StringComparison.Ordinal)))
                findings.Add($"{owner} is recorded as the owner of layer {id}, which is not its");
        }

        foreach (var (pair, _) in await records.IndexAsync("layer-child/", cancellationToken))
        {
            var ids = pair.Split('/');
            if (ids.Length != 2 || !IsKnown(ids[1], known, layer => string.Equals(layer.Entry.Parent()?.ToString(), ids[0], StringComparison.Ordinal)))
                findings.Add($"layer-child/{pair} is recorded, and there is no such pair of layers");
        }

        var stored = chains.Select(chain => chain.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (reference, _) in await records.IndexAsync("layer-reference/", cancellationToken))
        {
            if (!stored.Contains(reference.Split('/')[0])) findings.Add($"layer-reference/{reference} needs a chain that is not stored");
        }
    }

    static bool IsKnown(string text, Dictionary<LayerId, Layer> known, Predicate<Layer> and) =>
        LayerId.TryParse(text, out var id) && known.TryGetValue(id, out var layer) && and(layer);

    void CheckDirectories(IReadOnlyList<Layer> layers, HashSet<LayerId> named)
    {
        var found = driver.List().ToHashSet();
        foreach (var layer in layers)
        {
            if (!found.Contains(layer.Id)) findings.Add($"layer {layer.Id} is recorded as {layer.Entry.State}, and {driver.Name} does not have it");
            else CheckDirectory(layer.Id);
        }

        foreach (var id in found.Except(named)) findings.Add($"layer {id} is in {driver.Name} and has no record");
    }

    void CheckDirectory(LayerId id)
    {
        string content;
        try
        {
            content = driver.Content(id).Directory;
        }
        catch (StrakeException e)
        {
            findings.Add($"layer {id} cannot be looked at: {e.Message}");
            return;
        }

        // Where a driver mounts it, or the file system that it lies in, to have it looked at, that is its own doing.
        contents.Add(content);
        contents.Add(Path.GetDirectoryName(content)!);
        if (!Directory.Exists(content)) findings.Add($"layer {id}: {content} is not there");
    }

    async Task CheckFilesAsync(IReadOnlyList<Layer> layers, HashSet<LayerId> named, CancellationToken cancellationToken)
    {
        foreach (var layer in layers)
        {
            if (layer.Entry.Kind == LayerKind.Image) await CheckSplitAsync(layer, cancellationToken);
            if (layer.Entry.Kind == LayerKind.Writable && files.HasSplit(layer.Id)) findings.Add($"layer {layer.Id} is writable and has a split record");
        }

        foreach (var name in files.ListSplits())
        {
            if (!LayerId.TryParse(name, out var id) || !named.Contains(id)) findings.Add($"split record {name} belongs to no layer");
        }

        foreach (var path in files.ListSpools()) findings.Add($"{path} was left by a layer that was being received");
    }

    async Task CheckSplitAsync(Layer layer, CancellationToken cancellationToken)
    {
        if (!files.HasSplit(layer.Id))
            findings.Add($"layer {layer.Id} has no split record: its tar cannot be written; load or pull its image again");
        else if (layer.Entry.State == LayerState.Committed && !await splits.IsWholeAsync(layer, cancellationToken))
            findings.Add($"layer {layer.Id} has a damaged split record: its tar cannot be written; load or pull its image again");
    }

    // An id has 130 random bits: a mount that names one in its source, its options or its root is a mount of the layer.
    void CheckMounts(IReadOnlyList<LayerId> layers, IReadOnlySet<string> mounts)
    {
        var ids = layers.Select(id => id.ToString()).ToList();
        foreach (var mount in MountTable.Read().Where(mount => !mounts.Contains(mount.MountPoint) && !contents.Contains(mount.MountPoint)))
        {
            if (ids.Find(id => Names(mount, id)) is { } layer) findings.Add($"layer {layer} is mounted at {mount.MountPoint}, and nobody says why");
        }
    }

    static bool Names(MountEntry mount, string id) =>
        mount.SuperOptions.Contains(id, StringComparison.Ordinal) || mount.Root.Contains(id, StringComparison.Ordinal)
        || mount.Source.Contains(id, StringComparison.Ordinal);
}
