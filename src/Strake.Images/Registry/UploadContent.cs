using System.Net;
using System.Security.Cryptography;

namespace Strake.Images;

/// <summary>A blob on its way to a registry: counted and hashed as it passes, and broken off where the registry stops taking it.</summary>
/// <param name="source">Read once.</param>
/// <param name="lengthBytes">Its length; null when it is not known: it goes in chunks then.</param>
/// <param name="options">Times.</param>
/// <param name="cancellationToken">Breaks it off.</param>
sealed class UploadContent(Stream source, long? lengthBytes, RegistryClientOptions options, CancellationToken cancellationToken) : HttpContent
{
    const int BlockBytes = 256 << 10;

    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes sent so far.</summary>
    public long SentBytes { get; private set; }

    /// <summary>What the source threw, when it was the source that failed.</summary>
    public Exception? SourceFailure { get; private set; }

    /// <summary>The digest of what was sent; once.</summary>
    public Digest TakeDigest() => Digest.FromHash(hash.GetHashAndReset());

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SendAsync(stream, cancellationToken);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellation) => SendAsync(stream, cancellation);

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = lengthBytes ?? 0;
        return lengthBytes is not null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) hash.Dispose();
        base.Dispose(disposing);
    }

    async Task SendAsync(Stream target, CancellationToken cancellation)
    {
        var block = new byte[BlockBytes];
        while (await ReadAsync(block, cancellation) is var count and > 0)
        {
            hash.AppendData(block, 0, count);
            await target.WriteAsync(block.AsMemory(0, count), cancellation).AsTask().WaitAsync(options.StallTimeout, options.Time, cancellation);
            SentBytes += count;
        }
    }

    async ValueTask<int> ReadAsync(byte[] block, CancellationToken cancellation)
    {
        try
        {
            return await source.ReadAsync(block, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            SourceFailure = e;
            throw;
        }
    }
}
