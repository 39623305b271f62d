using Strake.Images;

namespace Strake.Build;

/// <summary>What a build made.</summary>
/// <param name="Image">The image.</param>
/// <param name="Names">The names that it got.</param>
public sealed record BuildOutcome(ImageId Image, IReadOnlyList<ImageReference> Names);
