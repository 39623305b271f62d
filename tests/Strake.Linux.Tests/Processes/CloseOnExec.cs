using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux.Tests;

/// <summary>Makes a descriptor one that exec hands on, as a careless parent would.</summary>
static partial class CloseOnExec
{
    const int SetFlags = 2; // F_SETFD

    public static void Clear(SafeFileHandle file) => Assert.Equal(0, fcntl(file, SetFlags, 0));

    [LibraryImport("libc")]
    private static partial int fcntl(SafeFileHandle file, int command, long argument);
}
