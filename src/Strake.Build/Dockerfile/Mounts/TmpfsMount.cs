namespace Strake.Build;

/// <summary><c>type=tmpfs</c>: a file system in memory.</summary>
public sealed record TmpfsMount : RunMount
{
    /// <summary>Its greatest size in bytes; 0 when not said.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Whether it can only be read: no unless said otherwise.</summary>
    public bool IsReadOnly { get; init; }
}
