namespace Strake.Images.Tar;

/// <summary>One entry of a tar: what its headers say of a file. Its content follows it in the stream and is not part of it.</summary>
/// <remarks>Names are bytes as they stand in the archive, neither cleaned nor checked for where they lead: that is the extractor's.</remarks>
public sealed record TarEntry
{
    /// <summary>The name; not empty, holds no NUL, at most <see cref="TarLimits.MaxNameBytes"/>.</summary>
    public required ReadOnlyMemory<byte> Name { get; init; }

    /// <summary>What it is.</summary>
    public required TarEntryType Type { get; init; }

    /// <summary>The byte that stood in the header; tells the kinds of <see cref="TarEntryType.Other"/> apart. Ignored when writing.</summary>
    public byte TypeFlag { get; init; }

    /// <summary>Where a hard or symbolic link leads; empty for all else.</summary>
    public ReadOnlyMemory<byte> LinkName { get; init; }

    /// <summary>The twelve bits that chmod sets.</summary>
    public UnixFileMode Mode { get; init; }

    /// <summary>The owner's number; may be larger than a kernel takes.</summary>
    public long Uid { get; init; }

    /// <summary>The group's number; may be larger than a kernel takes.</summary>
    public long Gid { get; init; }

    /// <summary>The owner's name; empty when not given.</summary>
    public ReadOnlyMemory<byte> UserName { get; init; }

    /// <summary>The group's name; empty when not given.</summary>
    public ReadOnlyMemory<byte> GroupName { get; init; }

    /// <summary>The length of the file, holes included; bytes. 0 for all that is not <see cref="TarEntryType.Regular"/> or <see cref="TarEntryType.Other"/>.</summary>
    public long SizeBytes { get; init; }

    /// <summary>When the content last changed.</summary>
    public TarTime ModifiedTime { get; init; }

    /// <summary>The device's major number.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>The device's minor number.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>Extended attributes, in the order of the archive; each name once.</summary>
    public IReadOnlyList<TarXattr> Xattrs { get; init; } = [];

    /// <summary>
    /// Where a sparse file has data, ascending, none overlapping; null for a file that is stored whole. A writer stores every file whole
    /// and ignores this.
    /// </summary>
    public IReadOnlyList<TarExtent>? Extents { get; init; }

    /// <summary>The name as text for messages: bytes that are not UTF-8 become U+FFFD, control characters a question mark.</summary>
    public string DisplayName => TarName.Display(Name.Span);
}
