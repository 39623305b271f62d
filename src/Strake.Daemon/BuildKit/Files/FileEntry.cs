using System.Text;
using Strake.Linux;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>What is known of a file that travels between a client and the daemon.</summary>
sealed record FileEntry
{
    /// <summary>Where it is below the root of what travels: bytes, without a slash at either end, without a NUL.</summary>
    public required byte[] Path { get; init; }

    /// <summary>What it is.</summary>
    public FileKind Kind { get; init; } = FileKind.Regular;

    /// <summary>Its twelve bits.</summary>
    public UnixFileMode Mode { get; init; } = Permissions.Octal0644;

    /// <summary>Its length; bytes. 0 for all but regular files.</summary>
    public long SizeBytes { get; init; }

    /// <summary>When its content was changed.</summary>
    public UnixTime ModifyTime { get; init; }

    /// <summary>What a symbolic link says; for a regular file the path of which it is another name. Empty for all else.</summary>
    public byte[] Target { get; init; } = [];

    /// <summary>Which device it is; nothing for all but devices.</summary>
    public DeviceNumber Device { get; init; }

    /// <summary>Its extended attributes: names with their namespace, without a NUL.</summary>
    public IReadOnlyList<KeyValuePair<byte[], byte[]>> Attributes { get; init; } = [];

    /// <summary>Whether it is another name of a file that came before.</summary>
    public bool IsHardLink => Kind is FileKind.Regular && Target.Length > 0;

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => Kind is FileKind.Directory;

    /// <summary>The path for a message.</summary>
    public string DisplayPath => Encoding.UTF8.GetString(Path);

    /// <summary>The last component of the path.</summary>
    public ReadOnlySpan<byte> Name => Path.AsSpan(Path.AsSpan().LastIndexOf((byte)'/') + 1);

    /// <summary>The path of the directory that it is in; empty for the root.</summary>
    public ReadOnlySpan<byte> Parent => Path.AsSpan(0, Math.Max(0, Path.AsSpan().LastIndexOf((byte)'/')));
}
