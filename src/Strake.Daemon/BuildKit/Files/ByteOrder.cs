namespace Strake.Daemon.BuildKit.Files;

/// <summary>Bytes as keys.</summary>
sealed class ByteOrder : IEqualityComparer<byte[]>, IComparer<byte[]>
{
    /// <summary>The comparer: by content, in the order of the bytes.</summary>
    public static ByteOrder Comparer { get; } = new();

    /// <inheritdoc/>
    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    /// <inheritdoc/>
    public int GetHashCode(byte[] obj)
    {
        // Seeded per process: nobody can prepare names that collide.
        var hash = default(HashCode);
        hash.AddBytes(obj);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
