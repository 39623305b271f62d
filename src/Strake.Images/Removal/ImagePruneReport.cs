namespace Strake.Images;

/// <summary>What a prune has done.</summary>
/// <param name="Removed">Names, images and layers that are gone.</param>
/// <param name="ReclaimedBytes">Sum of the sizes of the layers that are gone.</param>
public sealed record ImagePruneReport(IReadOnlyList<ImageRemoval> Removed, long ReclaimedBytes);
