namespace Strake.Images;

/// <summary>One line of what <c>docker rmi</c> has done: a name that is gone, or an image or layer.</summary>
/// <param name="Untagged">The familiar reference; null in a line about an image or layer.</param>
/// <param name="Deleted">The image's ID or the layer's chain; null in a line about a name.</param>
/// <param name="SizeBytes">Bytes freed by this line: a layer's size, else 0.</param>
public sealed record ImageRemoval(string? Untagged, string? Deleted, long SizeBytes = 0);
