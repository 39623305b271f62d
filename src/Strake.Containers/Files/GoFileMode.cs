using Strake.Linux;

namespace Strake.Containers.Files;

/// <summary>The bits of Go's <c>os.FileMode</c>, which the API carries (Go standard library, package io/fs).</summary>
static class GoFileMode
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
