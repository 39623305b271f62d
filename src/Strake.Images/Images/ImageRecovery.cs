namespace Strake.Images;

/// <summary>Brings files and records into step when the store is opened: whatever was cut off, the records decide.</summary>
static class ImageRecovery
{
    /// <summary>Removes configs that no record names.</summary>
    /// <returns>What cannot be mended, a sentence each.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(ImageRecords records, BlobStore blobs, CancellationToken cancellationToken)
    {
        var catalog = await records.ReadAsync(cancellationToken);
        var stored = blobs.List();
        foreach (var orphan in stored.Where(d => !catalog.IsRecorded(new ImageId(d))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            FaultPoint.Reach("image.recover.before-config");
            blobs.Remove(orphan);
            FaultPoint.Reach("image.recover.after-config");
        }

        var lost = catalog.Images.Select(i => i.Id).Where(id => !blobs.Contains(id.Digest)).OrderBy(id => id.Digest);
        return
        [
            .. catalog.Unreadable.Findings,
            .. lost.Select(id => $"image {id.Short}: its config is gone; remove the image and load it again"),
        ];
    }
}
