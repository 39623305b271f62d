namespace Strake.Images;

/// <summary>A name that passed from one image to another.</summary>
/// <param name="Reference">The name.</param>
/// <param name="Former">The image that had it.</param>
public sealed record ReplacedTag(ImageReference Reference, ImageId Former);
