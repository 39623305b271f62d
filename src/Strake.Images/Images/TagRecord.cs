namespace Strake.Images;

/// <summary>Which image a name stands for.</summary>
/// <param name="Image">The image.</param>
public sealed record TagRecord(ImageId Image);
