namespace Strake.Images;

/// <summary>An image as an archive describes it.</summary>
/// <param name="Config">Its config.</param>
/// <param name="Layers">Its layers, lowest first, as the archive held them.</param>
/// <param name="References">The names that it shall get.</param>
/// <param name="Parent">The image that it was made from, as the archive claims; null when it does not.</param>
sealed record ArchivedImage(
    ImageConfig Config, IReadOnlyList<ArchivedLayer> Layers, IReadOnlyList<ImageReference> References, ImageId? Parent);
