using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <remarks>
/// Extended attributes (<c>xattr(7)</c>) by descriptor and by name under a directory, never following a link. The kernel refuses an O_PATH
/// descriptor (EBADF), and has calls with a directory only since 6.13, so both go through /proc/self/fd: its magic link leads to the very inode,
/// a symbolic link's too.
/// </remarks>
public static partial class Syscall
{
    // XATTR_SIZE_MAX and XATTR_LIST_MAX (linux/limits.h) are both 64 KiB; nearly all attributes fit in the first try.
    const int FirstXattrTry = 512;

    /// <inheritdoc cref="TryGetXattr(SafeFileHandle, ReadOnlySpan{byte})"/>
    public static byte[]? TryGetXattr(SafeFileHandle file, string name) => TryGetXattr(file, PathBytes.Encode(name));

    /// <summary>An attribute of an open file, O_PATH ones too; null where it has none of that name, or its file system keeps none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">The name with its namespace, ended by a NUL: <c>"security.capability\0"u8</c>.</param>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static byte[]? TryGetXattr(SafeFileHandle file, ReadOnlySpan<byte> name)
    {
        PathBytes.Require(name);
        var value = Sized(new FileXattr(file, name), static (x, buffer) =>
        {
            var length = fgetxattr(x.File, x.Name, buffer, (nuint)buffer.Length);
            return length >= 0 || LastError != Errno.EBADF
                ? length
                : getxattr(PathBytes.Encode(ProcPath(x.File)), x.Name, buffer, (nuint)buffer.Length);
        });
        return value ?? (IsNoXattr(LastError) ? null : throw Failure("fgetxattr", file));
    }

    /// <summary>An attribute of a name under a directory, a link itself too; null where it has none, or its file system keeps none.</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static byte[]? TryGetXattrAt(SafeFileHandle directory, ReadOnlySpan<byte> path, ReadOnlySpan<byte> name)
    {
        PathBytes.Require(name);
        var value = Sized(new FileXattr(directory, name, XattrPath(directory, path)), static (x, buffer) =>
            lgetxattr(x.Path, x.Name, buffer, (nuint)buffer.Length));
        return value ?? (IsNoXattr(LastError) ? null : throw Failure("lgetxattr", directory, path));
    }

    /// <summary>The names of an open file's attributes, O_PATH ones too; none where its file system keeps none.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static XattrNames ListXattr(SafeFileHandle file)
    {
        var list = Sized(new FileXattr(file, default), static (x, buffer) =>
        {
            var length = flistxattr(x.File, buffer, (nuint)buffer.Length);
            return length >= 0 || LastError != Errno.EBADF
                ? length
                : listxattr(PathBytes.Encode(ProcPath(x.File)), buffer, (nuint)buffer.Length);
        });
        return list is not null || IsNoXattr(LastError) ? new(list) : throw Failure("flistxattr", file);
    }

    /// <summary>The names of the attributes of a name under a directory, a link itself too.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static XattrNames ListXattrAt(SafeFileHandle directory, ReadOnlySpan<byte> path)
    {
        var list = Sized(new FileXattr(directory, default, XattrPath(directory, path)), static (x, buffer) =>
            llistxattr(x.Path, buffer, (nuint)buffer.Length));
        return list is not null || IsNoXattr(LastError) ? new(list) : throw Failure("llistxattr", directory, path);
    }

    /// <inheritdoc cref="SetXattr(SafeFileHandle, ReadOnlySpan{byte}, ReadOnlySpan{byte}, XattrFlags)"/>
    public static void SetXattr(SafeFileHandle file, string name, ReadOnlySpan<byte> value, XattrFlags flags = XattrFlags.None) =>
        SetXattr(file, PathBytes.Encode(name), value, flags);

    /// <summary>Sets an attribute of an open file, O_PATH ones too (<c>fsetxattr(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed; EOPNOTSUPP where the file system or kind of file cannot have it.</exception>
    public static void SetXattr(SafeFileHandle file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, XattrFlags flags = XattrFlags.None)
    {
        PathBytes.Require(name);
        var size = (nuint)value.Length;
        if (fsetxattr(file, name, value, size, (int)flags) == 0)
            return;

        if (LastError != Errno.EBADF || setxattr(PathBytes.Encode(ProcPath(file)), name, value, size, (int)flags) < 0)
            throw Failure($"fsetxattr {PathBytes.Decode(name)} of", file);
    }

    /// <summary>Sets an attribute of a name under a directory, of a link itself too (<c>lsetxattr(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed; EOPNOTSUPP where the file system or kind of file cannot have it.</exception>
    public static void SetXattrAt(
        SafeFileHandle directory, ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, XattrFlags flags = XattrFlags.None)
    {
        PathBytes.Require(name);
        if (lsetxattr(XattrPath(directory, path), name, value, (nuint)value.Length, (int)flags) < 0)
            throw Failure($"lsetxattr {PathBytes.Decode(name)} of", directory, path);
    }

    /// <summary>Takes an attribute off an open file, O_PATH ones too; false where it has none of that name.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static bool RemoveXattr(SafeFileHandle file, ReadOnlySpan<byte> name)
    {
        PathBytes.Require(name);
        if (fremovexattr(file, name) == 0)
            return true;

        if (LastError == Errno.EBADF && removexattr(PathBytes.Encode(ProcPath(file)), name) == 0)
            return true;

        return LastError == Errno.ENODATA ? false : throw Failure($"fremovexattr {PathBytes.Decode(name)} of", file);
    }

    /// <summary>Takes an attribute off a name under a directory, off a link itself too; false where it has none of that name.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static bool RemoveXattrAt(SafeFileHandle directory, ReadOnlySpan<byte> path, ReadOnlySpan<byte> name)
    {
        PathBytes.Require(name);
        if (lremovexattr(XattrPath(directory, path), name) == 0)
            return true;

        return LastError == Errno.ENODATA ? false : throw Failure($"lremovexattr {PathBytes.Decode(name)} of", directory, path);
    }

    static bool IsNoXattr(Errno errno) => errno is Errno.ENODATA or Errno.EOPNOTSUPP;

    // "/proc/self/fd/17/etc/passwd": the directory is not resolved by name again, and the calls that start with l do not follow the last component.
    static byte[] XattrPath(SafeFileHandle directory, ReadOnlySpan<byte> path)
    {
        PathBytes.Require(path);
        if (ReferenceEquals(directory, WorkingDirectory) || path[0] == (byte)'/')
            return path.ToArray();

        var prefix = PathBytes.Encode(ProcPath(directory) + "/").AsSpan()[..^1];
        return [.. prefix, .. path];
    }

    // The attribute may grow between the two calls: ERANGE, and round again.
    static byte[]? Sized(scoped FileXattr x, XattrCall call)
    {
        Span<byte> first = stackalloc byte[FirstXattrTry];
        var length = call(x, first);
        if (length >= 0)
            return first[..(int)length].ToArray();

        while (LastError == Errno.ERANGE)
        {
            length = call(x, default);
            if (length < 0)
                return null;

            var buffer = new byte[length];
            length = call(x, buffer);
            if (length >= 0)
                return buffer.AsSpan(0, (int)length).ToArray();
        }

        return null;
    }

    delegate nint XattrCall(scoped FileXattr x, Span<byte> buffer);

    [StructLayout(LayoutKind.Auto)]
    readonly ref struct FileXattr(SafeFileHandle file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> path = default)
    {
        public SafeFileHandle File { get; } = file;

        public ReadOnlySpan<byte> Name { get; } = name;

        public ReadOnlySpan<byte> Path { get; } = path;
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint fgetxattr(SafeFileHandle file, ReadOnlySpan<byte> name, Span<byte> value, nuint size);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint getxattr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, Span<byte> value, nuint size);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint lgetxattr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, Span<byte> value, nuint size);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint flistxattr(SafeFileHandle file, Span<byte> list, nuint size);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint listxattr(ReadOnlySpan<byte> path, Span<byte> list, nuint size);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint llistxattr(ReadOnlySpan<byte> path, Span<byte> list, nuint size);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fsetxattr(SafeFileHandle file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, nuint size, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int setxattr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, nuint size, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int lsetxattr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, nuint size, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fremovexattr(SafeFileHandle file, ReadOnlySpan<byte> name);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int removexattr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int lremovexattr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name);
}
