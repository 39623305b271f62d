namespace Strake.Images;

/// <summary>A committed layer as the image store sees it.</summary>
/// <param name="Chain">The layer and all below it.</param>
/// <param name="Parent">The chain below; null for the lowest layer.</param>
/// <param name="DiffId">Digest of its uncompressed tar.</param>
/// <param name="SizeBytes">Sum of the sizes of its files, as <c>docker history</c> shows.</param>
/// <param name="TarSizeBytes">Length of its uncompressed tar.</param>
public sealed record StoredLayer(ChainId Chain, ChainId? Parent, DiffId DiffId, long SizeBytes, long TarSizeBytes);
