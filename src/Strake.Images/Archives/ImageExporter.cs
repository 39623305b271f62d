using System.Text;
using Strake.Images.Tar;
using Strake.Linux;

namespace Strake.Images;

/// <summary>Writes images to an archive: <c>docker save</c>.</summary>
sealed class ImageExporter(SaveSelection selection, IImageLayers layers, ImageEvents events)
{
    /// <summary>Writes images as one tar, a block at a time.</summary>
    public async Task SaveAsync(IReadOnlyList<string> names, Stream target, CancellationToken cancellationToken)
    {
        // Held until all is written: an image may be removed meanwhile.
        await using var ingest = layers.BeginIngest();
        var images = await selection.SelectAsync(names, cancellationToken);
        var archive = new SavedArchive(images);
        foreach (var chain in archive.Chains)
        {
            if (await ingest.HoldAsync(chain, cancellationToken) is null)
                throw StrakeException.DataLoss(
                    $"saving {string.Join(", ", names)}: layer {chain} is gone or damaged; load the image again");
        }

        await WriteAsync(archive, target, cancellationToken);
        foreach (var image in images) events.Publish("save", image.Image.Id, image.Image.Config.Labels);
    }

    /// <summary>Writes an image that is not stored, and need not be.</summary>
    public async Task SaveAsync(ImageConfig config, IReadOnlyList<ImageReference> names, Stream target, CancellationToken cancellationToken)
    {
        var stored = await StoredLayers.OfAsync(layers, config, cancellationToken);
        var record = new ImageRecord { Created = config.CreatedAt, Platform = config.Platform, Labels = config.Labels, Layers = stored };
        await WriteAsync(new SavedArchive([new SavedImage(new Image(config.Id, config, record, names), names)]), target, cancellationToken);
    }

    async Task WriteAsync(SavedArchive archive, Stream target, CancellationToken cancellationToken)
    {
        var tar = new TarWriter(target);
        await WriteFolderAsync(tar, "blobs/", cancellationToken);
        await WriteFolderAsync(tar, "blobs/sha256/", cancellationToken);
        foreach (var name in archive.Names)
        {
            if (archive.Document(name) is { } document) await tar.WriteFileAsync(Encoding.UTF8.GetBytes(name), document, cancellationToken);
            else await WriteLayerAsync(tar, name, archive.Layer(name), cancellationToken);
        }

        await tar.CompleteAsync(cancellationToken);
    }

    async Task WriteLayerAsync(TarWriter tar, string name, SavedLayer layer, CancellationToken cancellationToken)
    {
        var entry = new TarEntry
        {
            Name = Encoding.UTF8.GetBytes(name),
            Type = TarEntryType.Regular,
            Mode = Permissions.Octal0644,
            SizeBytes = layer.TarSizeBytes,
        };
        await tar.WriteEntryAsync(entry, cancellationToken);
        var content = new TarEntryStream(tar, layer.TarSizeBytes);
        await using var _ = content;
        await layers.WriteTarAsync(layer.Chain, content, cancellationToken);
        if (content.WrittenBytes != layer.TarSizeBytes)
            throw StrakeException.DataLoss(
                $"saving layer {layer.Chain}: its tar has {content.WrittenBytes} bytes, not {layer.TarSizeBytes}");
    }

    static async Task WriteFolderAsync(TarWriter tar, string name, CancellationToken cancellationToken)
    {
        var entry = new TarEntry { Name = Encoding.UTF8.GetBytes(name), Type = TarEntryType.Directory, Mode = Permissions.Octal0755 };
        await tar.WriteEntryAsync(entry, cancellationToken);
    }
}
