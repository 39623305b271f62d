using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>Tells a block device that what is in it is not needed any more: BLKDISCARD.</summary>
    /// <param name="device">The device, open for writing.</param>
    /// <param name="offset">From where; bytes.</param>
    /// <param name="length">How much; bytes.</param>
    /// <exception cref="LinuxException">The call failed; EOPNOTSUPP where the device has no use for it.</exception>
    public static void BlockDiscard(SafeFileHandle device, long offset, long length)
    {
        Span<long> range = [offset, length];
        if (ioctl(device, 0x1277, System.Runtime.InteropServices.MemoryMarshal.AsBytes(range)) < 0) throw Failure("ioctl BLKDISCARD", device);
    }
}
