using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    static ReadOnlySpan<byte> EmptyPath => "\0"u8;

    /// <summary>What is known of an open file, O_PATH ones too (<c>statx(2)</c> with AT_EMPTY_PATH).</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static FileStat Stat(SafeFileHandle file, StatFields fields = StatFields.All) =>
        StatxRaw(file, EmptyPath, AtFlags.EmptyPath, fields, out var stat) ? stat : throw Failure("statx", file);

    /// <inheritdoc cref="StatAt(SafeFileHandle, ReadOnlySpan{byte}, AtFlags, StatFields)"/>
    public static FileStat StatAt(
        SafeFileHandle directory, string path, AtFlags flags = AtFlags.SymlinkNoFollow, StatFields fields = StatFields.All) =>
        StatAt(directory, PathBytes.Encode(path), flags, fields);

    /// <summary>What is known of a file by its name (<c>statx(2)</c>); a link is not followed unless the flags say so.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static FileStat StatAt(
        SafeFileHandle directory, ReadOnlySpan<byte> path, AtFlags flags = AtFlags.SymlinkNoFollow, StatFields fields = StatFields.All) =>
        StatxRaw(directory, path, flags, fields, out var stat) ? stat : throw Failure("statx", directory, path);

    /// <inheritdoc cref="TryStatAt(SafeFileHandle, ReadOnlySpan{byte}, out FileStat, AtFlags, StatFields)"/>
    public static bool TryStatAt(
        SafeFileHandle directory, string path, out FileStat stat, AtFlags flags = AtFlags.SymlinkNoFollow, StatFields fields = StatFields.All) =>
        TryStatAt(directory, PathBytes.Encode(path), out stat, flags, fields);

    /// <summary>What is known of a file by its name; false where there is none (ENOENT, ENOTDIR).</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool TryStatAt(
        SafeFileHandle directory, ReadOnlySpan<byte> path, out FileStat stat, AtFlags flags = AtFlags.SymlinkNoFollow, StatFields fields = StatFields.All)
    {
        if (StatxRaw(directory, path, flags, fields, out stat))
            return true;

        return IsMissing(LastError) ? false : throw Failure("statx", directory, path);
    }

    static bool StatxRaw(SafeFileHandle directory, ReadOnlySpan<byte> path, AtFlags flags, StatFields fields, out FileStat stat)
    {
        PathBytes.Require(path);
        return statx(directory, path, (int)flags, (uint)fields, out stat) == 0;
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int statx(SafeFileHandle directory, ReadOnlySpan<byte> path, int flags, uint mask, out FileStat stat);
}
