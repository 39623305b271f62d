namespace Strake.Images;

/// <summary>A layer that an ingest has read to its end and verified.</summary>
/// <param name="DiffId">Digest of the uncompressed tar.</param>
/// <param name="Blob">Digest of the bytes as they came; equals the DiffID's when they were not compressed.</param>
/// <param name="Compression">How they came.</param>
/// <param name="BlobSizeBytes">Length of the bytes as they came.</param>
/// <param name="TarSizeBytes">Length of the uncompressed tar.</param>
/// <param name="Token">Tells the ingest's own receipts apart: two layers may have the same content. Opaque.</param>
public sealed record LayerReceipt(
    DiffId DiffId, Digest Blob, Compression Compression, long BlobSizeBytes, long TarSizeBytes, int Token);
