namespace Strake.Images;

/// <summary>What the images of a store take, as <c>docker system df</c> counts it.</summary>
/// <param name="LayersSizeBytes">Sum of the sizes of all layers, each counted once.</param>
/// <param name="Images">All images, intermediate ones included, with their shared sizes.</param>
public sealed record ImageUsage(long LayersSizeBytes, IReadOnlyList<ImageSummary> Images);
