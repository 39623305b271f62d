using Microsoft.Win32.SafeHandles;
using Strake.Images;
using Strake.Layers.Archive.Extraction;
using Strake.Layers.Archive.Pipeline;
using Strake.Layers.Archive.Split;

namespace Strake.Layers.Archive;

/// <summary>A layer's way from its bytes to its directory.</summary>
public static class LayerApply
{
    /// <summary>
    /// Reads a layer to its end in one pass: recognises its compression, inflates, hashes, extracts below a directory, and writes the
    /// split record. Inflating, hashing and extracting go on at once, on three threads.
    /// </summary>
    /// <param name="source">The layer's tar, plain or compressed. Read forward only; not closed.</param>
    /// <param name="directory">The layer's own directory; empty, or for <see cref="WhiteoutForm.Absent"/> holding the parent's copy. Stays the caller's.</param>
    /// <param name="options">What is known of the layer, and the form in which it is kept.</param>
    /// <param name="splitRecord">Receives the split record; not closed, not flushed to disk. Null when the tar is never wanted back.</param>
    /// <param name="progress">Receives the number of bytes of <paramref name="source"/> read so far; may be null.</param>
    /// <param name="cancellationToken">Stops between two blocks. What was extracted stays: the caller removes the directory.</param>
    /// <exception cref="StrakeException">
    /// Invalid: not a tar, damaged, leading out of the directory; names the entry. TooLarge: over a limit. DataLoss: not what
    /// <see cref="LayerApplyOptions.Expected"/> says. Exhausted: no space or inodes left; names the file system.
    /// </exception>
    public static async Task<AppliedLayer> ApplyAsync(
        Stream source, SafeFileHandle directory, LayerApplyOptions options, Stream? splitRecord, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var notes = new ExtractionNotes();
        await using var tap = new SourceTap(source, options.Expected.BlobSizeBytes, progress);
        using var record = splitRecord is null ? null : new SplitRecordWriter(splitRecord);
        using var extractor = new TarExtractor(directory, new ExtractionRules { Whiteouts = options.Whiteouts }, options.TarLimits, record, notes);
        using var hash = new TarHash();

        var (compression, tar) = await LayerDecompressor.OpenAsync(tap, options.Limit, cancellationToken);
        await using (tar)
        {
            if (compression == Compression.None) tap.StopHashing();
            await TeePipeline.RunAsync(tar, [hash.Append, extractor.Take], cancellationToken);
        }

        var extracted = extractor.Finish();
        var diffId = hash.Complete();
        var blob = compression == Compression.None ? diffId.Digest : await tap.DigestAsync();
        Verify(options.Expected, blob, tap.Count, diffId);
        record?.Complete(diffId);
        return new AppliedLayer
        {
            DiffId = diffId,
            Blob = blob,
            Compression = compression,
            BlobSizeBytes = tap.Count,
            TarSizeBytes = hash.Length,
            Usage = extracted.Usage,
            DeferredLinks = extracted.DeferredLinks,
            ImpliedDirectories = extracted.ImpliedDirectories,
            Whiteouts = extracted.Whiteouts,
            Notes = notes.Lines,
        };
    }

    static void Verify(LayerExpectation expected, Digest blob, long blobSize, DiffId diffId)
    {
        if (expected.BlobSizeBytes is { } size && size != blobSize)
            throw StrakeException.DataLoss($"the layer has {blobSize} bytes where it should have {size}");
        if (expected.Blob is { } digest && digest != blob) throw StrakeException.DataLoss($"the layer's digest is {blob} where it should be {digest}");
        if (expected.DiffId is { } id && id != diffId) throw StrakeException.DataLoss($"the layer's DiffID is {diffId} where it should be {id}");
    }
}
