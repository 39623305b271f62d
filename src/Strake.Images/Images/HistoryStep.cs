namespace Strake.Images;

/// <summary>A row of <c>docker history</c>.</summary>
/// <param name="Id">The image that this step made; null (<c>&lt;missing&gt;</c>) when the store does not have it.</param>
/// <param name="Created">When; null when unknown.</param>
/// <param name="CreatedBy">The command.</param>
/// <param name="Comment">The comment.</param>
/// <param name="Tags">Names of that image, familiar.</param>
/// <param name="SizeBytes">Size of the step's layer; 0 when it made none.</param>
public sealed record HistoryStep(
    ImageId? Id, DateTimeOffset? Created, string CreatedBy, string Comment, IReadOnlyList<string> Tags, long SizeBytes);
