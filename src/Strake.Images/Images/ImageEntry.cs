namespace Strake.Images;

/// <summary>An image in the catalog: its record as of a revision, with its names.</summary>
/// <param name="Id">The image.</param>
/// <param name="Record">Its record.</param>
/// <param name="Revision">The revision that a change of the record expects.</param>
/// <param name="References">Its names, sorted by their familiar form.</param>
sealed record ImageEntry(ImageId Id, ImageRecord Record, long Revision, IReadOnlyList<ImageReference> References)
{
    /// <summary>True when a name with a tag stands for it.</summary>
    public bool IsTagged => References.Any(r => r.Digest is null);
}
