using System.Security.Cryptography;
using Strake.Images;

namespace Strake.Layers;

/// <summary>
/// Keeps each layer in a file as it came, verified, until its parents are there: for drivers with which a layer begins as its parent's
/// copy.
/// </summary>
sealed class SpooledIntake(LayerFiles files, LayerWriter writer, ExpansionLimit limit) : ILayerIntake
{
    const int BufferSize = 256 * 1024;

    /// <inheritdoc/>
    public async Task<ReceivedContent> ReceiveAsync(
        Stream source, LayerExpectation expected, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        string? path = null;
        try
        {
            await using var spool = files.CreateSpool();
            path = spool.Name;
            FaultPoint.Reach("layer.receive.spooling");
            var content = await SpoolAsync(source, spool, progress, cancellationToken);
            Verify(content, expected);
            await spool.FlushAsync(cancellationToken);
            FaultPoint.Reach("layer.receive.spooled");
            return content;
        }
        catch (Exception e)
        {
            if (path is not null) File.Delete(path);
            if (e is IOException failure && StorageFailure.IsFull(failure))
                throw StrakeException.Exhausted($"receive a layer: no space left for {path}: {e.Message}; free some, for instance with an image prune", e);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<Layer> PlaceAsync(ReceivedContent content, LayerPlace place, CancellationToken cancellationToken)
    {
        // What was laid here in an earlier round lies on other parents; it goes with the ingest.
        var spooled = (Spooled)content;
        await using var source = File.OpenRead(spooled.Path);
        var expected = new LayerExpectation(content.Blob, content.BlobSizeBytes, content.DiffId);
        var created = await writer.CreateAsync(place, cancellationToken);
        spooled.Placed.Add(created);
        var applied = await writer.ApplyAsync(created, source, expected, progress: null, cancellationToken);
        spooled.Placed[^1] = await writer.FinishAsync(created, applied, place);
        return spooled.Placed[^1];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Layer> Abandon(ReceivedContent content)
    {
        var spooled = (Spooled)content;
        File.Delete(spooled.Path);
        return spooled.Placed;
    }

    async Task<Spooled> SpoolAsync(Stream source, FileStream spool, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await using var incoming = new SpoolingStream(source, spool, progress);
        var (compression, plain) = await LayerDecompressor.OpenAsync(incoming, limit, cancellationToken);
        await using var tar = plain;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        long length = 0;
        for (int read; (read = await tar.ReadAsync(buffer, cancellationToken)) > 0; length += read) hash.AppendData(buffer, 0, read);
        return new Spooled
        {
            Path = spool.Name,
            DiffId = new(Digest.FromHash(hash.GetHashAndReset())),
            Blob = incoming.Digest(),
            Compression = compression,
            BlobSizeBytes = incoming.LengthSoFar,
            TarSizeBytes = length,
        };
    }

    static void Verify(ReceivedContent content, LayerExpectation expected)
    {
        if (expected.BlobSizeBytes is { } size && size != content.BlobSizeBytes)
            throw StrakeException.DataLoss($"receive a layer: {content.BlobSizeBytes} bytes came, {size} were announced");
        if (expected.Blob is { } blob && blob != content.Blob)
            throw StrakeException.DataLoss($"receive a layer: its digest is {content.Blob}, {blob} was announced");
        if (expected.DiffId is { } diffId && diffId != content.DiffId)
            throw StrakeException.DataLoss($"receive a layer: the digest of its tar is {content.DiffId}, {diffId} was announced");
    }

    sealed class Spooled : ReceivedContent
    {
        public required string Path { get; init; }

        public List<Layer> Placed { get; } = [];
    }
}
