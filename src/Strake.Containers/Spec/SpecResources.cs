using System.Globalization;
using Strake.Containers.Oci;

namespace Strake.Containers.Spec;

/// <summary>What a container's cgroup allows: memory, CPU, processes, devices. Pure.</summary>
static class SpecResources
{
    const long CpuPeriodMicroseconds = 100_000;
    const long NanosecondsPerSecond = 1_000_000_000;

    // Docker's list: all devices can be made, and those below used. The runtime adds pts and the like.
    static readonly OciDeviceRule[] DefaultDevices =
    [
        new(false, null, null, null, "rwm"),
        new(true, "c", null, null, "m"),
        new(true, "b", null, null, "m"),
        new(true, "c", 1, 3, "rwm"), // null
        new(true, "c", 1, 5, "rwm"), // zero
        new(true, "c", 1, 7, "rwm"), // full
        new(true, "c", 1, 8, "rwm"), // random
        new(true, "c", 1, 9, "rwm"), // urandom
        new(true, "c", 5, 0, "rwm"), // tty
        new(true, "c", 5, 1, "rwm"), // console
        new(true, "c", 5, 2, "rwm"), // ptmx
        new(true, "c", 136, null, "rwm"), // pts
    ];

    /// <summary>The resources of a container.</summary>
    /// <param name="host">What the user asked for.</param>
    /// <param name="devices">Devices of the host that it gets.</param>
    public static OciResources Of(HostSettings host, IReadOnlyList<HostDevice> devices) => new()
    {
        Devices = host.Privileged ? [new(true, null, null, null, "rwm")] : [.. DefaultDevices, .. devices.Select(RuleOf), .. (host.DeviceCgroupRules ?? []).Select(ParseRule)],
        Memory = MemoryOf(host),
        Cpu = CpuOf(host),
        Pids = host.PidsLimit is > 0 and var limit ? new OciPids(limit) : null,
    };

    static OciDeviceRule RuleOf(HostDevice device) => new(true, device.Device.Type, device.Device.Major, device.Device.Minor, device.Access);

    /// <summary>A rule of <c>--device-cgroup-rule</c>: <c>c 42:* rmw</c>.</summary>
    /// <exception cref="StrakeException">Invalid: it is none.</exception>
    public static OciDeviceRule ParseRule(string text)
    {
        if (text.Split(' ') is [("a" or "c" or "b") and var type, var device, { Length: > 0 and <= 3 } access]
            && device.Split(':') is [var major, var minor]
            && TryNumber(major, out long? majorNumber)
            && TryNumber(minor, out long? minorNumber)
            && !access.AsSpan().ContainsAnyExcept("rwm"))
        {
            return new OciDeviceRule(true, type, majorNumber, minorNumber, access);
        }

        throw StrakeException.Invalid($"invalid device cgroup rule format: '{text}'");
    }

    // A star stands for all, which the runtime's spec says by leaving the number out.
    static bool TryNumber(string text, out long? number)
    {
        bool valid = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint value);
        number = valid ? value : null;
        return valid || text == "*";
    }

    static OciMemory? MemoryOf(HostSettings host)
    {
        bool any = host.Memory > 0 || host.MemoryReservation > 0 || host.MemorySwap != 0 || host.MemorySwappiness is >= 0 || host.OomKillDisable == true;
        return !any
            ? null
            : new OciMemory
            {
                Limit = Positive(host.Memory),
                Reservation = Positive(host.MemoryReservation),
                Swap = host.MemorySwap != 0 ? host.MemorySwap : null,
                Swappiness = host.MemorySwappiness is >= 0 and var swappiness ? (ulong)swappiness : null,
                DisableOomKiller = host.OomKillDisable == true ? true : null,
            };
    }

    static OciCpu? CpuOf(HostSettings host)
    {
        var cpu = new OciCpu
        {
            Shares = (ulong?)Positive(host.CpuShares),
            Period = host.NanoCpus > 0 ? (ulong)CpuPeriodMicroseconds : (ulong?)Positive(host.CpuPeriod),
            Quota = host.NanoCpus > 0 ? (long)((Int128)host.NanoCpus * CpuPeriodMicroseconds / NanosecondsPerSecond) : Positive(host.CpuQuota),
            Cpus = host.CpusetCpus is { Length: > 0 } cpus ? cpus : null,
            Mems = host.CpusetMems is { Length: > 0 } mems ? mems : null,
        };
        return cpu == new OciCpu() ? null : cpu;
    }

    static long? Positive(long value) => value > 0 ? value : null;
}
