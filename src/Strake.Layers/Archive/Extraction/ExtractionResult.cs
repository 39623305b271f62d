namespace Strake.Layers.Archive.Extraction;

/// <summary>What an extraction did.</summary>
/// <param name="Usage">What it wrote.</param>
/// <param name="DeferredLinks">Hard links whose files are not in the tree.</param>
/// <param name="ImpliedDirectories">Directories without an entry, parents first.</param>
sealed record ExtractionResult(LayerUsage Usage, IReadOnlyList<DeferredLink> DeferredLinks, IReadOnlyList<ReadOnlyMemory<byte>> ImpliedDirectories);
