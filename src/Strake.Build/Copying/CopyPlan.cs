namespace Strake.Build;

/// <summary>What a copy writes.</summary>
/// <param name="Items">The entries, each directory before what is in it.</param>
/// <param name="Archives">Tars that are unpacked after that, each into a directory.</param>
sealed record CopyPlan(IReadOnlyList<CopyItem> Items, IReadOnlyList<ArchiveItem> Archives);
