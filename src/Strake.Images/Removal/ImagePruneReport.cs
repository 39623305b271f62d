namespace Strake.Images;

/// <summary>What a prune has done.</summary>
/// <param name="Removed">Names, images and layers that are gone.</param>
/// <param name="ReclaimedBytes">Sum of the sizes of the layers that are gone.</param>
/// <param name="Failures">Why an image that was to go is still there, or not wholly gone, a sentence each; empty when all went well.</param>
public sealed record ImagePruneReport(IReadOnlyList<ImageRemoval> Removed, long ReclaimedBytes, IReadOnlyList<string> Failures);
