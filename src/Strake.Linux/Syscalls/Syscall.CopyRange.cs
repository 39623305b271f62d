using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>
    /// Copies a range between two regular files inside the kernel (<c>copy_file_range(2)</c>), by sharing extents where the file system can.
    /// Moves neither file's position.
    /// </summary>
    /// <returns>Bytes copied, fewer than asked at times; 0 at the end of the source; -1 where the two files cannot do it at all
    /// (EXDEV, EINVAL, EOPNOTSUPP, ENOSYS) and the caller copies through memory.</returns>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static long TryCopyFileRange(SafeFileHandle source, long sourceOffset, SafeFileHandle target, long targetOffset, long length)
    {
        while (true)
        {
            var copied = copy_file_range(source, ref sourceOffset, target, ref targetOffset, (nuint)length, 0);
            if (copied >= 0)
                return copied;

            if (LastError is Errno.EXDEV or Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ENOSYS)
                return -1;

            if (!Interrupted())
                throw Failure("copy_file_range", target);
        }
    }

    /// <summary>
    /// Makes the target share all extents of the source (<c>ioctl_ficlone(2)</c>): a copy at no cost. False where the file system cannot
    /// (EOPNOTSUPP, ENOTTY, EINVAL) or the two lie on different ones (EXDEV).
    /// </summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool TryClone(SafeFileHandle source, SafeFileHandle target)
    {
        const nuint ficlone = 0x40049409;
        if (ioctl(target, ficlone, source) == 0)
            return true;

        return LastError is Errno.EOPNOTSUPP or Errno.ENOTTY or Errno.EINVAL or Errno.EXDEV or Errno.ENOSYS
            ? false
            : throw Failure("ioctl FICLONE", target);
    }

    /// <summary>Copies from a file to any descriptor, a socket or pipe too, inside the kernel (<c>sendfile(2)</c>).</summary>
    /// <returns>Bytes copied, fewer than asked at times; 0 at the end of the source.</returns>
    /// <exception cref="LinuxException">The call failed; EAGAIN where the target is non-blocking and full.</exception>
    public static long SendFile(SafeHandle target, SafeFileHandle source, ref long sourceOffset, long length)
    {
        while (true)
        {
            var sent = sendfile(target, source, ref sourceOffset, (nuint)length);
            if (sent >= 0)
                return sent;

            if (!Interrupted())
                throw Failure("sendfile", source);
        }
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint copy_file_range(
        SafeFileHandle source, ref long sourceOffset, SafeFileHandle target, ref long targetOffset, nuint length, uint flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int ioctl(SafeFileHandle file, nuint request, SafeFileHandle argument);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint sendfile(SafeHandle target, SafeFileHandle source, ref long offset, nuint length);
}
