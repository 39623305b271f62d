namespace Strake.Images;

/// <summary>What became of a layer that passed by in an archive.</summary>
abstract record ArchivedLayer
{
    /// <summary>It was received.</summary>
    public sealed record Received(LayerReceipt Receipt) : ArchivedLayer;

    /// <summary>The store has it already: its bytes were verified against the digest in its name, and not unpacked again.</summary>
    public sealed record Held(DiffId DiffId, long BlobSizeBytes) : ArchivedLayer;

    /// <summary>It is no layer after all; an error only for an image that wants it.</summary>
    public sealed record Unreadable(StrakeException Cause) : ArchivedLayer;
}
