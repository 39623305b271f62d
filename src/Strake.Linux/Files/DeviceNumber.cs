using System.Runtime.InteropServices;

namespace Strake.Linux;

/// <summary>The number of a device, as <c>makedev(3)</c> joins it.</summary>
/// <param name="Major">The driver; 12 bits in the kernel.</param>
/// <param name="Minor">The device of the driver; 20 bits in the kernel.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DeviceNumber(uint Major, uint Minor)
{
    /// <summary>The number as the C library's dev_t.</summary>
    public ulong ToDev() =>
        ((Major & 0xFFFFF000UL) << 32) | ((Major & 0xFFFUL) << 8) | ((Minor & 0xFFFFFF00UL) << 12) | (Minor & 0xFFUL);

    /// <summary>The parts of a dev_t of the C library.</summary>
    public static DeviceNumber FromDev(ulong dev) => new(
        (uint)(((dev >> 32) & 0xFFFFF000UL) | ((dev >> 8) & 0xFFFUL)),
        (uint)(((dev >> 12) & 0xFFFFFF00UL) | (dev & 0xFFUL)));

    /// <summary><c>major:minor</c>, as in mountinfo and in device cgroups.</summary>
    public override string ToString() => $"{Major}:{Minor}";
}
