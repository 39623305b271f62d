using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <remarks>linux/fsverity.h.</remarks>
public static partial class Syscall
{
    const int VerityHashLength = 32;

    /// <summary>
    /// Has the kernel keep a tree of hashes (SHA-256, blocks of 4096 bytes) with a file, by which each read of it is verified from then on: fs-verity. The file
    /// cannot be changed any more.
    /// </summary>
    /// <param name="file">A regular file, open for reading; nobody has it open for writing. One that is protected already is fine.</param>
    /// <returns>False where the file system or the kernel does not do that.</returns>
    /// <exception cref="LinuxException">The call failed otherwise; ETXTBSY: somebody has it open for writing.</exception>
    public static bool TryEnableVerity(SafeFileHandle file)
    {
        // struct fsverity_enable_arg: version, hash algorithm, block size, salt and signature, which are not used, and room.
        Span<byte> request = stackalloc byte[128];
        request.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(request, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(request[4..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(request[8..], 4096);
        if (ioctl(file, 0x40806685, request) == 0) return true;
        return LastError switch
        {
            Errno.EEXIST => true,
            Errno.EOPNOTSUPP or Errno.ENOTTY or Errno.EINVAL => false,
            _ => throw Failure("ioctl FS_IOC_ENABLE_VERITY", file),
        };
    }

    /// <summary>The fs-verity digest of a protected file: of its tree's root and its length.</summary>
    /// <exception cref="LinuxException">The call failed; ENODATA where the file is not protected.</exception>
    public static byte[] MeasureVerity(SafeFileHandle file)
    {
        // struct fsverity_digest: algorithm, length, the digest.
        Span<byte> answer = stackalloc byte[4 + VerityHashLength];
        BinaryPrimitives.WriteUInt16LittleEndian(answer[2..], VerityHashLength);
        return ioctl(file, 0xC0046686, answer) == 0 ? answer[4..].ToArray() : throw Failure("ioctl FS_IOC_MEASURE_VERITY", file);
    }
}
