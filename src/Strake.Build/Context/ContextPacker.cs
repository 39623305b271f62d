using System.Buffers;
using System.Security.Cryptography;
using Strake.Images;

namespace Strake.Build;

/// <summary>Hashes files and adds their bytes to a pack, in writes that are large however small the files are. Disposing writes what is left.</summary>
/// <param name="pack">The pack.</param>
sealed class ContextPacker(ContextPack pack) : IDisposable
{
    /// <summary>Reads the next bytes of a file; 0 at its end.</summary>
    public delegate ValueTask<int> Reader(Memory<byte> buffer, CancellationToken cancellationToken);

    const int BufferSize = 128 * 1024;

    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    int used;

    /// <summary>Where the next file begins.</summary>
    public long Offset => pack.Length + used;

    /// <summary>Adds a file.</summary>
    /// <param name="read">Gives its bytes.</param>
    /// <param name="cancellationToken">Stops between two reads.</param>
    /// <returns>The digest of its bytes.</returns>
    /// <exception cref="StrakeException">Exhausted: no space. What <paramref name="read"/> throws.</exception>
    public async ValueTask<Digest> PackAsync(Reader read, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (used == buffer.Length) Flush();
            var count = await read(buffer.AsMemory(used), cancellationToken);
            if (count == 0) return Digest.FromHash(hash.GetHashAndReset());
            hash.AppendData(buffer, used, count);
            used += count;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush();
        hash.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
    }

    void Flush()
    {
        pack.Append(buffer.AsSpan(0, used));
        used = 0;
    }
}
