using System.Security.Cryptography;
using Strake.Images;

namespace Strake.Build;

/// <summary>Takes the bytes of one file of a context.</summary>
public sealed class ContextContent
{
    readonly ContextPack pack;
    readonly long offset;
    readonly long length;
    readonly Action<long, Digest> complete;
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    long written;

    internal ContextContent(ContextPack pack, long offset, long length, Action<long, Digest> complete) =>
        (this.pack, this.offset, this.length, this.complete) = (pack, offset, length, complete);

    /// <summary>Takes the next bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="StrakeException">Invalid: more than were announced. Exhausted: no space.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > length - written) throw StrakeException.Invalid($"build context: a file has more than the {length} bytes that were announced; it changes while it is sent");
        pack.Write(offset + written, bytes);
        hash.AppendData(bytes);
        written += bytes.Length;
    }

    /// <summary>There are no more.</summary>
    /// <exception cref="StrakeException">Invalid: fewer than were announced.</exception>
    public void Complete()
    {
        if (written != length) throw StrakeException.Invalid($"build context: a file has {written} bytes and not the {length} that were announced; it changes while it is sent");
        complete(offset, Digest.FromHash(hash.GetHashAndReset()));
        hash.Dispose();
    }
}
