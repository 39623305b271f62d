namespace Strake.Linux;

/// <summary>How a file becomes a loop device.</summary>
public sealed record LoopOptions
{
    /// <summary>Whether the device can only be read; the file needs no writing then.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether the device lets go of the file by itself when nothing uses it any more (LO_FLAGS_AUTOCLEAR).</summary>
    public bool IsAutoclear { get; init; } = true;

    /// <summary>Whether the page cache of the file is passed by (LO_FLAGS_DIRECT_IO): less memory, and the file's own holes.</summary>
    public bool IsDirect { get; init; }

    /// <summary>Where in the file the device begins; bytes.</summary>
    public long OffsetBytes { get; init; }

    /// <summary>How long the device is; bytes, 0 for the rest of the file.</summary>
    public long SizeBytes { get; init; }

    /// <summary>The size of its sectors; bytes, 0 for 512.</summary>
    public int BlockSizeBytes { get; init; }
}
