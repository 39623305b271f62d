namespace Strake.Layers.Archive.Extraction;

/// <summary>What an extraction did.</summary>
sealed record ExtractionResult
{
    /// <summary>What it wrote.</summary>
    public required LayerUsage Usage { get; init; }

    /// <summary>Hard links whose files are not in the tree.</summary>
    public required IReadOnlyList<DeferredLink> DeferredLinks { get; init; }

    /// <summary>Directories without an entry, parents first.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> ImpliedDirectories { get; init; }

    /// <summary>Names hidden by the overlay's whiteouts.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Whiteouts { get; init; }
}
