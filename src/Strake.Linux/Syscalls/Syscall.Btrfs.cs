using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <remarks>
/// linux/btrfs.h; used by <see cref="BtrfsSubvolume"/> and <see cref="BtrfsQuota"/> alone. Its requests are structs of little more than numbers,
/// many of them 4096 bytes long with a name at the end: they are written as bytes here.
/// </remarks>
public static partial class Syscall
{
    internal const int BtrfsRequestSize = 4096;

    /// <summary>A request whose struct begins with numbers and goes on with a name.</summary>
    /// <param name="file">Any file of the file system, or the one that the request is about.</param>
    /// <param name="request">The request.</param>
    /// <param name="call">Its name, for a message.</param>
    /// <param name="nameOffset">Where the name stands.</param>
    /// <param name="name">The name, without NUL; empty: none.</param>
    /// <param name="numbers">The numbers before it.</param>
    /// <returns>The struct as the kernel left it.</returns>
    internal static byte[] BtrfsRequest(
        SafeFileHandle file, nuint request, string call, int nameOffset, ReadOnlySpan<byte> name, params ReadOnlySpan<long> numbers)
    {
        var buffer = new byte[BtrfsRequestSize];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(i * sizeof(long)), numbers[i]);
        name.CopyTo(buffer.AsSpan(nameOffset, buffer.Length - nameOffset - 1));
        return ioctl(file, request, buffer) >= 0 ? buffer : throw Failure($"ioctl {call}", file, name);
    }

    /// <summary>A request that is there as bytes, which the kernel changes; also with an error that it may say.</summary>
    internal static void BtrfsRequest(SafeFileHandle file, nuint request, string call, Span<byte> argument, Errno tolerated)
    {
        if (ioctl(file, request, argument) < 0 && LastError != tolerated) throw Failure($"ioctl {call}", file);
    }

    /// <summary>A request whose struct is numbers alone, or nothing.</summary>
    internal static void BtrfsRequest(SafeFileHandle file, nuint request, string call, Span<long> numbers)
    {
        if (ioctl(file, request, MemoryMarshal.AsBytes(numbers)) < 0) throw Failure($"ioctl {call}", file);
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int ioctl(SafeFileHandle file, nuint request, Span<byte> argument);
}
