using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>
    /// Brings all of a file system to its device and holds every write to it until <see cref="TryThaw"/> (FIFREEZE,
    /// <c>ioctl_fs(2)</c> of the kernel): what is on the device then is whole, without its journal's help. The caller must not write to it meanwhile.
    /// </summary>
    /// <param name="file">Any file or directory of it.</param>
    /// <exception cref="LinuxException">The call failed; EBUSY where it is frozen already, EOPNOTSUPP where it cannot be.</exception>
    public static void Freeze(SafeFileHandle file)
    {
        const nuint freeze = 0xC0045877; // FIFREEZE
        if (ioctl(file, freeze, 0) < 0)
            throw Failure("ioctl FIFREEZE", file);
    }

    /// <summary>Lets writes to a frozen file system go on (FITHAW). False where it is not frozen (EINVAL) or cannot be (EOPNOTSUPP, ENOTTY).</summary>
    /// <param name="file">Any file or directory of it.</param>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool TryThaw(SafeFileHandle file)
    {
        const nuint thaw = 0xC0045878; // FITHAW
        if (ioctl(file, thaw, 0) == 0)
            return true;

        return LastError is Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ENOTTY ? false : throw Failure("ioctl FITHAW", file);
    }
}
