namespace Strake.Images;

/// <summary>A layer in an image's record.</summary>
/// <param name="DiffId">The layer.</param>
/// <param name="SizeBytes">Sum of the sizes of its files.</param>
/// <param name="TarSizeBytes">Length of its uncompressed tar.</param>
public sealed record LayerRecord(DiffId DiffId, long SizeBytes, long TarSizeBytes);
