using Strake.Linux;

namespace Strake.Layers.Erofs;

/// <summary>A file of an image in the making. One that is in several directories, or twice in one, is one file with several links.</summary>
sealed class ErofsFile
{
    /// <summary>What it is.</summary>
    public required FileKind Kind { get; init; }

    /// <summary>Its twelve bits.</summary>
    public UnixFileMode Mode { get; init; }

    /// <summary>Its owner.</summary>
    public uint Uid { get; init; }

    /// <summary>Its group.</summary>
    public uint Gid { get; init; }

    /// <summary>When its content was changed last.</summary>
    public UnixTime ModifyTime { get; init; }

    /// <summary>The length that a regular file is shown with; bytes. The image holds none of them: they are read as zeros.</summary>
    public long SizeBytes { get; init; }

    /// <summary>What a device's number is.</summary>
    public DeviceNumber Device { get; init; }

    /// <summary>Where a symbolic link leads to.</summary>
    public byte[] LinkTarget { get; init; } = [];

    /// <summary>Extended attributes by their names, as <c>user.x</c>, without NUL.</summary>
    public List<(byte[] Name, byte[] Value)> Xattrs { get; } = [];

    /// <summary>What a directory holds, by names without NUL.</summary>
    public Dictionary<byte[], ErofsFile> Children { get; } = new(Archive.Paths.ByteStrings.Comparer);
}
