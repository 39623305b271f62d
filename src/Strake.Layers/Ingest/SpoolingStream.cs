using System.Security.Cryptography;
using Strake.Images;

namespace Strake.Layers;

/// <summary>Reads a stream and on the way keeps its bytes in a file, counts them and hashes them.</summary>
sealed class SpoolingStream(Stream source, Stream spool, IProgress<long>? progress) : ForwardStream
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>How many bytes were read.</summary>
    public long LengthSoFar { get; private set; }

    /// <summary>The digest of all that was read.</summary>
    public Digest Digest() => Images.Digest.FromHash(hash.GetCurrentHash());

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        if (read == 0) return 0;
        hash.AppendData(buffer.Span[..read]);
        await spool.WriteAsync(buffer[..read], cancellationToken);
        LengthSoFar += read;
        progress?.Report(LengthSoFar);
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) hash.Dispose();
        base.Dispose(disposing);
    }
}
