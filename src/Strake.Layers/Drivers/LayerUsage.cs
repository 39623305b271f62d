namespace Strake.Layers;

/// <summary>What a layer occupies.</summary>
/// <param name="SizeBytes">Sum of the lengths of its regular files, hard links counted once.</param>
/// <param name="Inodes">Number of its files of every kind.</param>
public sealed record LayerUsage(long SizeBytes, long Inodes);
