using System.Security.Cryptography;
using Strake.Images;
using Strake.State;

namespace Strake.Daemon.StrakeApi;

/// <summary>One part of what is sent, which ends where the part does.</summary>
/// <param name="source">Stands at the part's beginning; not closed.</param>
/// <param name="part">What the part is said to be.</param>
sealed class ImportPartStream(Stream source, ImportPart part) : ForwardStream
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    long left = part.SizeBytes;

    /// <inheritdoc/>
    /// <exception cref="StrakeException">DataLoss: what is sent ended before it.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (left == 0 || buffer.IsEmpty)
            return 0;
        int read = await source.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken);
        if (read == 0)
            throw StrakeException.DataLoss($"part {part.Digest} ended {left} bytes early");
        left -= read;
        hash.AppendData(buffer.Span[..read]);
        return read;
    }

    /// <summary>Reads what the tar's reader left, and compares.</summary>
    /// <exception cref="StrakeException">DataLoss: the part is not what it was said to be.</exception>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        await CopyToAsync(Null, cancellationToken);
        Digest found = Digest.FromHash(hash.GetHashAndReset());
        if (found != part.Digest)
            throw StrakeException.DataLoss($"the part's digest is {found} where it should be {part.Digest}");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            hash.Dispose();
        base.Dispose(disposing);
    }
}
