namespace Strake.Images;

/// <summary>A row of <c>docker images</c>.</summary>
/// <param name="Id">The image.</param>
/// <param name="Record">Its record: created, parent, labels, layers and sizes.</param>
/// <param name="RepoTags">Its names with a tag that the query let through, familiar and sorted.</param>
/// <param name="RepoDigests">Its names with a digest that the query let through, familiar and sorted.</param>
/// <param name="SharedSizeBytes">Bytes in layers that other images have, too; null unless asked for.</param>
public sealed record ImageSummary(
    ImageId Id,
    ImageRecord Record,
    IReadOnlyList<string> RepoTags,
    IReadOnlyList<string> RepoDigests,
    long? SharedSizeBytes = null);
