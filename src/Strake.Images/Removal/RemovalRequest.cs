namespace Strake.Images;

/// <summary>Which image shall go, in which words.</summary>
/// <param name="Name">What the user wrote: it shows whether a name or an image is meant, and stands in messages.</param>
/// <param name="Image">The image that it stands for.</param>
/// <param name="Options">How far to go.</param>
sealed record RemovalRequest(string Name, ImageEntry Image, ImageRemovalOptions Options);
