using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>The file system that a path lies on (<c>statfs(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static FileSystemStat StatFs(string path)
    {
        var bytes = PathBytes.Encode(path);
        return statfs(bytes, out var stat) == 0 ? stat : throw Failure("statfs", WorkingDirectory, bytes);
    }

    /// <summary>The file system that an open file lies on (<c>fstatfs(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static FileSystemStat StatFs(SafeFileHandle file) =>
        fstatfs(file, out var stat) == 0 ? stat : throw Failure("fstatfs", file);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int statfs(ReadOnlySpan<byte> path, out FileSystemStat stat);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fstatfs(SafeFileHandle file, out FileSystemStat stat);
}
