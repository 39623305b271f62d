namespace Strake.Images;

/// <summary>Brings files and records into step when the store is opened: whatever was cut off, the records decide.</summary>
static class ImageRecovery
{
    /// <summary>Removes configs that no record names.</summary>
    /// <returns>What cannot be mended, a sentence each.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(ImageRecords records, BlobStore blobs, CancellationToken cancellationToken)
    {
        var named = (await records.ReadAsync(cancellationToken)).Images.Select(i => i.Id.Digest).ToHashSet();
        var stored = blobs.List();
        foreach (var orphan in stored.Where(d => !named.Contains(d)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            FaultPoint.Reach("image.recover.before-config");
            blobs.Remove(orphan);
            FaultPoint.Reach("image.recover.after-config");
        }

        return [.. named.Except(stored).Order().Select(d => $"image {new ImageId(d).Short}: its config is gone; remove the image and load it again")];
    }
}
