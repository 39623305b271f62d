using Strake.Linux;

namespace Strake.Containers.Files;

/// <summary>The bits of Go's <c>os.FileMode</c>, which the API carries (Go standard library, package io/fs).</summary>
public static class GoFileMode
{
    const uint Directory = 1u << 31;
    const uint Symlink = 1u << 27;
    const uint Device = 1u << 26;
    const uint NamedPipe = 1u << 25;
    const uint Socket = 1u << 24;
    const uint SetUid = 1u << 23;
    const uint SetGid = 1u << 22;
    const uint CharacterDevice = 1u << 21;
    const uint Sticky = 1u << 20;
    const uint Permissions = 0x1FF;

    /// <summary>The bits of a file's kind and mode.</summary>
    public static uint Of(FileKind kind, UnixFileMode mode) => KindOf(kind) | ((uint)mode & Permissions)
        | (mode.HasFlag(UnixFileMode.SetUser) ? SetUid : 0)
        | (mode.HasFlag(UnixFileMode.SetGroup) ? SetGid : 0)
        | (mode.HasFlag(UnixFileMode.StickyBit) ? Sticky : 0);

    /// <summary>The kind that bits say; a file of none of the known kinds is a regular one, as for Go's own tools.</summary>
    public static FileKind KindOf(uint bits) => (bits & (Directory | Symlink | Device | CharacterDevice | NamedPipe | Socket)) switch
    {
        Directory => FileKind.Directory,
        Symlink => FileKind.SymbolicLink,
        Device => FileKind.BlockDevice,
        Device | CharacterDevice => FileKind.CharacterDevice,
        NamedPipe => FileKind.Fifo,
        Socket => FileKind.Socket,
        _ => FileKind.Regular,
    };

    /// <summary>The twelve bits of a mode that bits say.</summary>
    public static UnixFileMode ModeOf(uint bits) => (UnixFileMode)(bits & Permissions)
        | ((bits & SetUid) != 0 ? UnixFileMode.SetUser : UnixFileMode.None)
        | ((bits & SetGid) != 0 ? UnixFileMode.SetGroup : UnixFileMode.None)
        | ((bits & Sticky) != 0 ? UnixFileMode.StickyBit : UnixFileMode.None);

    static uint KindOf(FileKind kind) => kind switch
    {
        FileKind.Directory => Directory,
        FileKind.SymbolicLink => Symlink,
        FileKind.BlockDevice => Device,
        FileKind.CharacterDevice => Device | CharacterDevice,
        FileKind.Fifo => NamedPipe,
        FileKind.Socket => Socket,
        FileKind.Regular or FileKind.Unknown => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of file"),
    };
}
