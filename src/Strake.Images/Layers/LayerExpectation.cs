namespace Strake.Images;

/// <summary>What a sender says of a layer before its bytes come. Whatever is given is verified against the bytes.</summary>
/// <param name="Blob">Digest of the bytes as sent; null when unknown.</param>
/// <param name="BlobSizeBytes">Their length; null when unknown.</param>
/// <param name="DiffId">Digest of the uncompressed tar; null when unknown.</param>
public sealed record LayerExpectation(Digest? Blob = null, long? BlobSizeBytes = null, DiffId? DiffId = null)
{
    /// <summary>Nothing is known yet.</summary>
    public static LayerExpectation None { get; } = new();
}
