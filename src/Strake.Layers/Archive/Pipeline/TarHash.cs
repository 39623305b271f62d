using System.Security.Cryptography;
using Strake.Images;

namespace Strake.Layers.Archive.Pipeline;

/// <summary>The digest and the length of a tar that goes by.</summary>
sealed class TarHash : IDisposable
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>How many bytes went by.</summary>
    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Length += bytes.Length;
    }

    /// <summary>The digest of all that went by.</summary>
    public DiffId Complete() => new(Digest.FromHash(_hash.GetHashAndReset()));

    public void Dispose() => _hash.Dispose();
}
