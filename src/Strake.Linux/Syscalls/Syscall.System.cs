using System.Runtime.InteropServices;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>What the kernel says of itself (<c>uname(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static SystemName Uname()
    {
        // struct utsname: sysname, nodename, release, version, machine, domainname, 65 bytes each
        const int field = 65;
        var name = new byte[6 * field];
        if (uname(name) < 0)
            throw Failure("uname");

        return new(Text(0), Text(1), Text(2), Text(3), Text(4));

        string Text(int index)
        {
            var bytes = name.AsSpan(index * field, field);
            return PathBytes.Decode(bytes[..bytes.IndexOf((byte)0)]);
        }
    }

    /// <summary>How the machine stands (<c>sysinfo(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static SystemLoad SysInfo()
    {
        if (sysinfo(out var load) < 0)
            throw Failure("sysinfo");

        long Bytes(ulong units) => (long)(units * load.Unit);
        return new(
            TimeSpan.FromSeconds(load.Uptime), Bytes(load.Memory), Bytes(load.FreeMemory), Bytes(load.Swap), Bytes(load.FreeSwap), load.Tasks);
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int uname(Span<byte> name);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int sysinfo(out LoadRecord load);

    // struct sysinfo, 64 bits
    [StructLayout(LayoutKind.Sequential, Size = 112)]
    readonly struct LoadRecord
    {
        public readonly long Uptime;
        readonly ulong load1;
        readonly ulong load5;
        readonly ulong load15;
        public readonly ulong Memory;
        public readonly ulong FreeMemory;
        readonly ulong sharedMemory;
        readonly ulong buffers;
        public readonly ulong Swap;
        public readonly ulong FreeSwap;
        public readonly ushort Tasks;
        readonly ushort padding;
        readonly ulong highMemory;
        readonly ulong freeHighMemory;
        public readonly uint Unit;
    }
}
