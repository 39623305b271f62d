namespace Strake.Images;

/// <summary>A layer to be written to an archive.</summary>
/// <param name="Chain">One chain of which it is the top.</param>
/// <param name="TarSizeBytes">Length of its tar.</param>
sealed record SavedLayer(ChainId Chain, long TarSizeBytes);
