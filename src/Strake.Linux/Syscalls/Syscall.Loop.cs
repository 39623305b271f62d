using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <remarks>linux/loop.h; used by <see cref="LoopDevice"/> alone.</remarks>
public static partial class Syscall
{
    internal static int LoopGetFree(SafeFileHandle control)
    {
        const nuint getFree = 0x4C82; // LOOP_CTL_GET_FREE
        var number = ioctl(control, getFree, 0);
        return number >= 0 ? number : throw Failure("ioctl LOOP_CTL_GET_FREE");
    }

    // One call since Linux 5.8: with LOOP_SET_FD and LOOP_SET_STATUS64 others would see the device half-made.
    internal static void LoopConfigure(SafeFileHandle device, SafeFileHandle file, string name, LoopOptions options)
    {
        const nuint configure = 0x4C0A; // LOOP_CONFIGURE
        var request = new LoopConfig
        {
            File = (uint)file.DangerousGetHandle(),
            BlockSize = (uint)options.BlockSizeBytes,
            Offset = (ulong)options.OffsetBytes,
            SizeLimit = (ulong)options.SizeBytes,
            Flags = FlagsOf(options),
        };

        // lo_file_name is for people (losetup -l), and cut to 63 bytes.
        var text = PathBytes.Encode(name).AsSpan()[..^1];
        text[..Math.Min(text.Length, 63)].CopyTo(request.Name);
        if (ioctl(device, configure, ref request) < 0)
            throw Failure("ioctl LOOP_CONFIGURE", device);

        GC.KeepAlive(file);
    }

    internal static void LoopClear(SafeFileHandle device)
    {
        const nuint clear = 0x4C01; // LOOP_CLR_FD
        if (ioctl(device, clear, 0) < 0)
            throw Failure("ioctl LOOP_CLR_FD", device);
    }

    internal static void LoopSetCapacity(SafeFileHandle device)
    {
        const nuint setCapacity = 0x4C07; // LOOP_SET_CAPACITY
        if (ioctl(device, setCapacity, 0) < 0)
            throw Failure("ioctl LOOP_SET_CAPACITY", device);
    }

    static uint FlagsOf(LoopOptions options)
    {
        const uint readOnly = 1;
        const uint autoclear = 4;
        const uint direct = 16;
        return (options.IsReadOnly ? readOnly : 0) | (options.IsAutoclear ? autoclear : 0) | (options.IsDirect ? direct : 0);
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int ioctl(SafeFileHandle file, nuint request, nint argument);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int ioctl(SafeFileHandle file, nuint request, ref LoopConfig argument);

    // struct loop_config with its struct loop_info64
    [StructLayout(LayoutKind.Sequential)]
    struct LoopConfig
    {
        public uint File;
        public uint BlockSize;

        public ulong Device;
        public ulong Inode;
        public ulong RealDevice;
        public ulong Offset;
        public ulong SizeLimit;
        public uint Number;
        public uint EncryptType;
        public uint EncryptKeySize;
        public uint Flags;
        public Bytes64 Name;
        public Bytes64 CryptName;
        public Bytes32 EncryptKey;
        public Bytes16 Init;

        public Bytes64 Reserved;
    }

    [InlineArray(64)]
    struct Bytes64
    {
        byte first;
    }

    [InlineArray(32)]
    struct Bytes32
    {
        byte first;
    }

    [InlineArray(16)]
    struct Bytes16
    {
        byte first;
    }
}
