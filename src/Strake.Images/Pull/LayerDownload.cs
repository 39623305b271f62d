using System.Buffers;

namespace Strake.Images;

/// <summary>
/// Brings a layer in: what comes from the registry is appended to its part, and an ingest reads the part from its start at the same time.
/// The network need not wait for the disk, and what has come once need not come again.
/// </summary>
/// <param name="parts">The parts.</param>
/// <param name="slots">As many layers are downloaded at once, in all pulls.</param>
sealed class LayerDownload(PartStore parts, SemaphoreSlim slots)
{
    const int BufferSize = 256 * 1024;

    /// <summary>Brings one layer in, verified.</summary>
    /// <param name="blob">The layer as the manifest has it.</param>
    /// <param name="source">Where it is to be had.</param>
    /// <param name="ingest">Receives it.</param>
    /// <param name="tell">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it; what has come stays in the part.</param>
    /// <exception cref="StrakeException">
    /// DataLoss, Invalid: the bytes are not what the digest says, or no layer; nothing of them stays. Exhausted: no space. What the source
    /// throws.
    /// </exception>
    public async Task<LayerReceipt> RunAsync(
        Descriptor blob, IRemoteRepository source, ILayerIngest ingest, IProgress<TransferProgress> tell, CancellationToken cancellationToken)
    {
        using var part = await parts.OpenAsync(blob.Digest, blob.SizeBytes, cancellationToken);
        while (true)
        {
            try
            {
                return await ReceiveAsync(part, blob, source, ingest, tell, cancellationToken);
            }
            catch (StrakeException e) when (part.ResumedAt > 0 && e.Kind is ErrorKind.DataLoss or ErrorKind.Invalid)
            {
                // What an earlier try left may be wrong: a power cut keeps a file's length and loses its bytes. Once more, from the start.
                part.Clear();
            }
            catch (StrakeException e) when (IsForGood(e.Kind))
            {
                part.Discard();
                throw;
            }
        }
    }

    /// <summary>Whether a failure says that these bytes will never do, or that their space is needed: then nothing of them is kept.</summary>
    public static bool IsForGood(ErrorKind kind) =>
        kind is ErrorKind.DataLoss or ErrorKind.Invalid or ErrorKind.TooLarge or ErrorKind.NotSupported or ErrorKind.Exhausted;

    async Task<LayerReceipt> ReceiveAsync(
        Part part, Descriptor blob, IRemoteRepository source, ILayerIngest ingest, IProgress<TransferProgress> tell, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var id = IdOf(blob);
        var downloading = DownloadAsync(part, blob, source, tell, stop.Token);
        try
        {
            await using var reader = part.OpenReader();
            var extracting = new ExtractionProgress(part, id, tell);
            return await ingest.ReceiveAsync(reader, new LayerExpectation(blob.Digest, blob.SizeBytes), extracting, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await downloading;
        }
    }

    /// <summary>A layer as progress lines call it.</summary>
    public static string IdOf(Descriptor blob) => blob.Digest.Hex[..12];

    // Its failure reaches the reader, who waits for what does not come.
    async Task DownloadAsync(Part part, Descriptor blob, IRemoteRepository source, IProgress<TransferProgress> tell, CancellationToken cancellationToken)
    {
        try
        {
            var id = IdOf(blob);
            if (part.Length < part.SizeBytes)
            {
                if (slots.CurrentCount == 0) tell.Report(new TransferProgress("Waiting", id));
                await slots.WaitAsync(cancellationToken);
                try
                {
                    await AppendAsync(part, blob, source, tell, cancellationToken);
                }
                finally
                {
                    slots.Release();
                }

                tell.Report(new TransferProgress("Verifying Checksum", id));
            }

            FaultPoint.Reach("pull.part.complete");
            tell.Report(new TransferProgress("Download complete", id));
        }
        catch (Exception e)
        {
            part.Fail(e);
        }
    }

    static async Task AppendAsync(
        Part part, Descriptor blob, IRemoteRepository source, IProgress<TransferProgress> tell, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var bytes = await source.OpenBlobAsync(blob, part.Length, cancellationToken);
            FaultPoint.Reach("pull.part.before-append");
            while (await bytes.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                part.Append(buffer.AsSpan(0, read));
                tell.Report(new TransferProgress("Downloading", IdOf(blob), part.Length, part.SizeBytes));
            }

            if (part.Length < part.SizeBytes)
                throw StrakeException.Unavailable($"layer {blob.Digest} ended after {part.Length} of {part.SizeBytes} bytes; pull again to go on from there");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>How much was unpacked; told once nothing is downloaded any more, for a layer has one line.</summary>
    sealed class ExtractionProgress(Part part, string id, IProgress<TransferProgress> tell) : IProgress<long>
    {
        public void Report(long value)
        {
            if (part.Length == part.SizeBytes) tell.Report(new TransferProgress("Extracting", id, value, part.SizeBytes));
        }
    }
}
