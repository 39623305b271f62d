namespace Strake.Images;

/// <summary>Puts an image together from its record, its config and its names.</summary>
sealed class ImageReader(ImageRecords records, BlobStore blobs)
{
    /// <summary>The image; null when there is none.</summary>
    /// <exception cref="StrakeException">DataLoss: its config is gone or damaged.</exception>
    public async Task<Image?> FindAsync(ImageId id, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(id, cancellationToken) is not { Value: var record }) return null;
        try
        {
            var config = ImageConfig.Parse(blobs.Read(id.Digest));
            return new Image(id, config, record, await records.NamesOfAsync(id, cancellationToken));
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.NotFound)
        {
            // A record without a file is damage, unless the image was removed between the two reads.
            if (await records.FindAsync(id, cancellationToken) is null) return null;
            throw StrakeException.DataLoss($"image {id.Short}: its config is gone: {e.Message}; remove the image and load it again", e);
        }
    }
}
