namespace Strake.Volumes;

/// <summary>All volumes that can be found.</summary>
/// <param name="Volumes">The volumes, in the order of their names.</param>
/// <param name="Warnings">Why they may not be all, a sentence for each plugin that does not answer.</param>
public sealed record VolumeListing(IReadOnlyList<Volume> Volumes, IReadOnlyList<string> Warnings);
