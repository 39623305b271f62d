namespace Strake.Images;

/// <summary>How to remove an image.</summary>
/// <param name="Force">Remove all names of it, and remove it although stopped containers use it.</param>
/// <param name="PruneParents">Remove untagged, unused images that it was made from, too.</param>
public sealed record ImageRemovalOptions(bool Force = false, bool PruneParents = true);
