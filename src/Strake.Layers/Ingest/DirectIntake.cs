using Strake.Images;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>Writes each layer into its own directory as its bytes come, several at once, and lays them on one another afterwards.</summary>
sealed class DirectIntake(IStorageDriver driver, LayerFiles files, LayerWriter writer) : ILayerIntake
{
    /// <inheritdoc/>
    public async Task<ReceivedContent> ReceiveAsync(
        Stream source, LayerExpectation expected, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var (layer, applied) = await WriteAsync(source, expected, progress, cancellationToken);
        return new Written
        {
            DiffId = applied.DiffId,
            Blob = applied.Blob,
            Compression = applied.Compression,
            BlobSizeBytes = applied.BlobSizeBytes,
            TarSizeBytes = applied.TarSizeBytes,
            Original = layer.Id,
            Layers = [new(layer, applied)],
        };
    }

    /// <inheritdoc/>
    public async Task<Layer> PlaceAsync(ReceivedContent content, LayerPlace place, CancellationToken cancellationToken)
    {
        var written = (Written)content;
        var at = written.Layers.FindIndex(candidate => candidate.Layer.Entry.Chain == place.Chain);
        if (at < 0) at = written.Layers.FindIndex(candidate => candidate.Layer.Entry.Chain is null);
        if (at < 0)
        {
            written.Layers.Add(await CopyAsync(written, cancellationToken));
            at = written.Layers.Count - 1;
        }

        var (layer, applied) = written.Layers[at];
        // Laid there already, in a round that another ingest was faster in: a driver may have sealed it since.
        if (layer.Entry.Chain is null) Rebase(layer.Id, applied, place.Parents);
        FaultPoint.Reach("layer.commit.rebased");
        var finished = await writer.FinishAsync(layer, applied, place);
        written.Layers[at] = new(finished, applied);
        return finished;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Layer> Abandon(ReceivedContent content) => [.. ((Written)content).Layers.Select(candidate => candidate.Layer)];

    async Task<Candidate> WriteAsync(Stream source, LayerExpectation expected, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var layer = await writer.CreateAsync(place: null, cancellationToken);
        return new(layer, await writer.ApplyAsync(layer, source, expected, progress, cancellationToken));
    }

    void Rebase(LayerId id, AppliedLayer applied, IReadOnlyList<LayerId> parents)
    {
        driver.Rebase(id, parents);
        LayerRebase.Complete(driver.Content(id), applied, [.. parents.Select(driver.Content)]);
    }

    // An image may have the same layer twice. A directory lies in one place, so the second gets its own, from the first one's tar.
    Task<Candidate> CopyAsync(Written written, CancellationToken cancellationToken) => TarPipe.RunAsync(
        async (target, stop) =>
        {
            using var record = files.TryOpenSplit(written.Original) ?? throw StrakeException.DataLoss($"layer {written.Original}: its split record is gone");
            using var directory = Syscall.Open(driver.Content(written.Original).Directory, OpenFlags.Directory);
            await SplitRecord.WriteTarAsync(record, directory, target, files.CreateTemporary, stop);
        },
        (source, stop) => WriteAsync(source, new LayerExpectation(DiffId: written.DiffId), progress: null, stop),
        cancellationToken);

    /// <summary>A directory with the content.</summary>
    sealed record Candidate(Layer Layer, AppliedLayer Applied);

    sealed class Written : ReceivedContent
    {
        public required LayerId Original { get; init; }

        public required List<Candidate> Layers { get; init; }
    }
}
