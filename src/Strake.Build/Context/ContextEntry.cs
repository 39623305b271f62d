using Strake.Linux;

namespace Strake.Build;

/// <summary>A file of a context, as a client describes it.</summary>
/// <param name="Path">Where it is: bytes, without slashes around it; no part of it is <c>.</c> or <c>..</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Its twelve bits.</param>
/// <param name="SizeBytes">How long a regular file is; 0 for all else.</param>
/// <param name="ModifyTime">When its content was changed.</param>
public sealed record ContextEntry(ReadOnlyMemory<byte> Path, FileKind Kind, UnixFileMode Mode, long SizeBytes, UnixTime ModifyTime)
{
    /// <summary>Where a symbolic link leads, or of which file before it a regular one is another name; empty for all else.</summary>
    public ReadOnlyMemory<byte> Target { get; init; }

    /// <summary>Which device it is.</summary>
    public DeviceNumber Device { get; init; }

    /// <summary>Its extended attributes: names and values.</summary>
    public IReadOnlyList<KeyValuePair<byte[], byte[]>> Attributes { get; init; } = [];
}
