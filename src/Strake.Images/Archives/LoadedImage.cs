namespace Strake.Images;

/// <summary>An image that came out of an archive.</summary>
/// <param name="Id">The image.</param>
/// <param name="References">The names that it got, in the archive's order; empty when the archive gives none.</param>
/// <param name="Replaced">Names that another image had until now, with that image.</param>
public sealed record LoadedImage(
    ImageId Id, IReadOnlyList<ImageReference> References, IReadOnlyList<ReplacedTag> Replaced);
