using Strake.Images;

namespace Strake.Layers;

/// <summary>A layer that was read to its end and verified, and lies on nothing yet.</summary>
abstract class ReceivedContent
{
    /// <summary>Digest of the tar.</summary>
    public required DiffId DiffId { get; init; }

    /// <summary>Digest of the bytes as they came.</summary>
    public required Digest Blob { get; init; }

    /// <summary>How they came.</summary>
    public required Compression Compression { get; init; }

    /// <summary>Length of the bytes as they came.</summary>
    public required long BlobSizeBytes { get; init; }

    /// <summary>Length of the tar; bytes.</summary>
    public required long TarSizeBytes { get; init; }

    /// <summary>The receipt for it.</summary>
    public LayerReceipt ToReceipt(int token) => new(DiffId, Blob, Compression, BlobSizeBytes, TarSizeBytes, token);
}
