using System.Security.Cryptography;
using Strake.Images.Tar;

namespace Strake.Images;

/// <summary>
/// Reads an archive of images in one pass: documents into memory, layers straight into an ingest as they pass by, for what
/// wants them mostly comes last. Nothing is kept of the rest.
/// </summary>
/// <remarks>
/// A file whose name is a digest must have it, also one that is stored already: verifying costs little beside reading, and an
/// archive that lies is not to be told from one that was damaged on its way.
/// </remarks>
sealed class ImageArchiveReader(ILayerIngest ingest, IProgress<LayerProgress>? progress)
{
    // A plain tar cannot expand at all, documents and layers have bounds of their own; this stops streams of nothing.
    static readonly ExpansionLimit s_expansion = ExpansionLimit.ForLayers with { MaxBytes = long.MaxValue };

    readonly ArchiveContents _contents = new();
    readonly KnownLayers _known = new(ingest);

    /// <summary>The layers found in the store on the way, by their DiffID.</summary>
    public IReadOnlyDictionary<DiffId, ChainId> Held => _known.Chains;

    /// <summary>Reads an archive to its end.</summary>
    /// <param name="archive">The tar, plain or compressed; not closed.</param>
    /// <param name="cancellationToken">Stops between two reads.</param>
    /// <exception cref="StrakeException">
    /// Invalid, TooLarge: malformed, truncated, over a limit. DataLoss: a digest does not match. What the ingest throws.
    /// </exception>
    public async Task<ArchiveContents> ReadAsync(Stream archive, CancellationToken cancellationToken)
    {
        var (_, plain) = await LayerDecompressor.OpenAsync(archive, s_expansion, cancellationToken);
        await using (plain)
        {
            using var tar = new TarReader(plain);
            for (var entries = 0; await tar.ReadEntryAsync(cancellationToken) is { } entry; entries++)
            {
                if (entries == ImageLimits.ArchiveEntries)
                    throw StrakeException.TooLarge($"invalid archive: it has more than {ImageLimits.ArchiveEntries} entries");
                await ReadAsync(tar, entry, cancellationToken);
            }
        }

        return _contents;
    }

    async Task ReadAsync(TarReader tar, TarEntry entry, CancellationToken cancellationToken)
    {
        var isRelevant = entry.Type is TarEntryType.Regular or TarEntryType.HardLink or TarEntryType.SymbolicLink;
        if (!isRelevant) return;
        if (!ArchivePath.TryNormalise(ArchivePath.Decode(entry.Name.Span), out var key))
            throw StrakeException.Invalid($"invalid archive: entry {entry.DisplayName} leads out of it");
        if (entry.Type is TarEntryType.Regular) await ReadFileAsync(tar, entry, key, cancellationToken);
        else ReadLink(entry, key);
    }

    // A link that leads out of the archive leads to nothing: what asks for it is told that it is not there.
    void ReadLink(TarEntry entry, string key)
    {
        var text = ArchivePath.Decode(entry.LinkName.Span);
        var leads = entry.Type is TarEntryType.HardLink
            ? ArchivePath.TryNormalise(text, out var target)
            : ArchivePath.TryFollow(key, text, out target);
        if (leads) _contents.AddLink(key, target);
    }

    async Task ReadFileAsync(TarReader tar, TarEntry entry, string key, CancellationToken cancellationToken)
    {
        var content = tar.OpenContent();
        await using var _ = content;
        var start = new byte[(int)Math.Min(entry.SizeBytes, ArchiveEntrySniffer.Length)];
        await content.ReadExactlyAsync(start, cancellationToken);
        switch (ArchiveEntrySniffer.KindOf(key, start))
        {
            case ArchiveEntryKind.Document:
                await ReadDocumentAsync(content, start, entry, key, cancellationToken);
                break;
            case ArchiveEntryKind.Layer:
                _contents.Add(key, await ReadLayerAsync(new PrefixedStream(start, content), entry.SizeBytes, key, cancellationToken));
                break;
            case ArchiveEntryKind.Other:
                break;
            default:
                throw new InvalidOperationException($"unknown kind of entry {key}");
        }
    }

    async Task ReadDocumentAsync(Stream content, byte[] start, TarEntry entry, string key, CancellationToken cancellationToken)
    {
        if (entry.SizeBytes > ImageLimits.DocumentBytes)
        {
            // Too long for whatever an image wants; if one wants it nonetheless, it is told that it is not there.
            if (!ArchiveEntrySniffer.IsWellKnown(key)) return;
            throw StrakeException.TooLarge($"invalid archive: {key} has {entry.SizeBytes} bytes; the limit is {ImageLimits.DocumentBytes}");
        }

        var bytes = new byte[entry.SizeBytes];
        start.CopyTo(bytes, 0);
        await content.ReadExactlyAsync(bytes.AsMemory(start.Length), cancellationToken);
        if (ArchivePath.BlobOf(key) is { } named) Verify(key, named, Digest.Of(bytes));
        var document = new ArchiveDocument(bytes);
        if (document.IsAttestation) return;
        _contents.Add(key, bytes);
        await _known.ObserveAsync(document, cancellationToken);
    }

    async Task<ArchivedLayer> ReadLayerAsync(Stream source, long sizeBytes, string key, CancellationToken cancellationToken)
    {
        var named = ArchivePath.BlobOf(key);
        var relay = progress is null ? null : new LayerProgressRelay(progress, named?.Hex[..12] ?? key, sizeBytes);
        if (_known.Find(named) is { } stored)
        {
            await VerifyAsync(source, key, named!.Value, cancellationToken);
            relay?.Report(sizeBytes);
            return new ArchivedLayer.Held(stored, sizeBytes);
        }

        try
        {
            var expected = new LayerExpectation(named, sizeBytes);
            return new ArchivedLayer.Received(await ingest.ReceiveAsync(source, expected, relay, cancellationToken));
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.Invalid)
        {
            // A compressed file need not be a layer. If the archive itself is broken here, reading on says so.
            return new ArchivedLayer.Unreadable(e);
        }
    }

    static async Task VerifyAsync(Stream source, string key, Digest named, CancellationToken cancellationToken) =>
        Verify(key, named, Digest.FromHash(await SHA256.HashDataAsync(source, cancellationToken)));

    static void Verify(string key, Digest named, Digest actual)
    {
        if (actual != named) throw StrakeException.DataLoss($"invalid archive: {key} has the digest {actual}");
    }
}
