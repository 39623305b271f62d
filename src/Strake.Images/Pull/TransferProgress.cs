namespace Strake.Images;

/// <summary>A line of what a pull or a push tells while it goes on, in Docker's words: clients and scripts look for them.</summary>
/// <param name="Status">Such as <c>Downloading</c>.</param>
/// <param name="Id">What it is about: 12 digits of a layer's digest, or a tag; null: the whole.</param>
/// <param name="CurrentBytes">How far it is.</param>
/// <param name="TotalBytes">How far it goes; null: this line is no measure.</param>
/// <param name="Pushed">What a push of a tag came to; in its last line only.</param>
public sealed record TransferProgress(
    string Status, string? Id = null, long CurrentBytes = 0, long? TotalBytes = null, PushedImage? Pushed = null);
