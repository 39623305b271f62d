using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>Writes a layer that one driver has with another one, under the same id, and verifies it there.</summary>
sealed class LayerMove(IStorageDriver source, IStorageDriver target, LayerFiles files)
{
    /// <summary>Moves a layer; those below it are there already, and there is nothing under its id.</summary>
    /// <exception cref="StrakeException">DataLoss: it is not the same there; names it.</exception>
    public async Task RunAsync(Layer layer, CancellationToken cancellationToken)
    {
        var (id, parents) = (layer.Id, layer.Entry.Parents);
        var alone = target.Traits.WritesWithoutParents;
        target.Create(id, alone && layer.Entry.Kind == LayerKind.Image ? [] : parents);
        if (layer.Entry.SizeLimitBytes is { } limit) target.LimitSize(id, limit);
        var content = target.Content(id);
        var applied = await TarPipe.RunAsync((tar, stop) => WriteTarAsync(layer, tar, stop), (tar, stop) => ApplyAsync(content, tar, stop), cancellationToken);
        if (alone)
        {
            if (layer.Entry.Kind == LayerKind.Image) target.Rebase(id, parents);
            LayerRebase.Complete(content, applied, Contents(target, parents));
        }

        FaultPoint.Reach("migration.layer-written");
        if (layer.Entry.Kind == LayerKind.Image) await VerifyImageAsync(layer, cancellationToken);
        else VerifyChanges(layer, cancellationToken);
        if (!target.Traits.OwnFileSystems) return;
        using var directory = Syscall.Open(target.Content(id).Directory, OpenFlags.Directory);
        Syscall.SyncFs(directory);
    }

    /// <summary>Writes all that was moved to disk, but for layers that are file systems of their own: those are there already.</summary>
    public void Sync() => files.Sync();

    // An image's layer as it came; a container's as a commit would have it.
    Task WriteTarAsync(Layer layer, Stream tar, CancellationToken cancellationToken) => layer.Entry.Kind == LayerKind.Image
        ? RestoreAsync(layer, source, tar, cancellationToken)
        : LayerDiff.WriteTarAsync(source.Content(layer.Id), Contents(source, layer.Entry.Parents), tar, splitRecord: null, cancellationToken);

    static async Task<AppliedLayer> ApplyAsync(LayerContent content, Stream tar, CancellationToken cancellationToken)
    {
        using var directory = Syscall.Open(content.Directory, OpenFlags.Directory);
        var options = new LayerApplyOptions { Whiteouts = content.Whiteouts };
        return await LayerApply.ApplyAsync(tar, directory, options, splitRecord: null, progress: null, cancellationToken);
    }

    async Task VerifyImageAsync(Layer layer, CancellationToken cancellationToken)
    {
        target.Seal([layer.Id]);
        await RestoreAsync(layer, target, Stream.Null, cancellationToken);
    }

    async Task RestoreAsync(Layer layer, IStorageDriver driver, Stream tar, CancellationToken cancellationToken)
    {
        await using var record = files.TryOpenSplit(layer.Id)
            ?? throw StrakeException.DataLoss($"layer {layer.Id} has no split record: load or pull its image again, or remove it");
        using var directory = Syscall.Open(driver.Content(layer.Id).Directory, OpenFlags.Directory);
        var written = await SplitRecord.WriteTarAsync(record, directory, tar, files.CreateTemporary, cancellationToken);
        if (written != layer.Entry.DiffId) throw StrakeException.DataLoss($"layer {layer.Id} with {driver.Name} is {written}, and should be {layer.Entry.DiffId}");
    }

    void VerifyChanges(Layer layer, CancellationToken cancellationToken)
    {
        var (old, moved) = (ChangesOf(layer, source, cancellationToken), ChangesOf(layer, target, cancellationToken));
        if (old.SequenceEqual(moved, StringComparer.Ordinal)) return;
        var first = old.Except(moved, StringComparer.Ordinal).Concat(moved.Except(old, StringComparer.Ordinal)).First();
        throw StrakeException.DataLoss($"{layer.Entry.Owner}: with {target.Name} its changes are others than with {source.Name}, the first of them {first}");
    }

    static List<string> ChangesOf(Layer layer, IStorageDriver driver, CancellationToken cancellationToken) =>
    [
        .. LayerDiff.Changes(driver.Content(layer.Id), Contents(driver, layer.Entry.Parents), cancellationToken)
            .Select(change => $"{change.Kind} {Convert.ToHexString(change.Path.Span)}"),
    ];

    static IReadOnlyList<LayerContent> Contents(IStorageDriver driver, IReadOnlyList<LayerId> ids) => [.. ids.Select(driver.Content)];
}
