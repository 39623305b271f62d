using System.Globalization;
using Strake.Linux;

namespace Strake.Containers.Spec;

/// <summary>What the host and the engine's own rights allow; read once, for the decisions on top of it to be pure.</summary>
sealed record HostFeatures
{
    /// <summary>The machine, as uname(2) calls it.</summary>
    public required string Machine { get; init; }

    /// <summary>The host's name.</summary>
    public required string Hostname { get; init; }

    /// <summary>The capabilities that the engine has.</summary>
    public required IReadOnlySet<string> Capabilities { get; init; }

    /// <summary>The engine's hard limits by name without <c>RLIMIT_</c>, in lower case; unlimited: the largest number.</summary>
    public required IReadOnlyDictionary<string, ulong> HardLimits { get; init; }

    /// <summary>The engine's own out-of-memory preference.</summary>
    public int OomScoreAdj { get; init; }

    /// <summary>The cgroup hierarchies.</summary>
    public required CgroupHierarchies Cgroups { get; init; }

    /// <summary>Whether the kernel counts swap for a cgroup.</summary>
    public bool SwapAccounting { get; init; }

    /// <summary>Whether the kernel can make a tree of mounts read-only (mount_setattr(2), Linux 5.12); runtimes do it from runc 1.1 and crun 1.4 on.</summary>
    public bool RecursiveReadOnly { get; init; } = true;

    /// <summary>Whether the engine may do what only CAP_SYS_RESOURCE allows: raise hard limits, lower an out-of-memory score.</summary>
    public bool MayRaiseLimits => Capabilities.Contains("CAP_SYS_RESOURCE");

    /// <summary>Looks at the host.</summary>
    public static HostFeatures Read()
    {
        SystemName name = Syscall.Uname();
        CgroupHierarchies cgroups = CgroupHierarchies.Read();
        return new HostFeatures
        {
            Machine = name.Machine,
            Hostname = name.Node,
            Capabilities = ReadCapabilities(File.ReadAllText("/proc/self/status")),
            HardLimits = ReadLimits(File.ReadAllText("/proc/self/limits")),
            OomScoreAdj = int.Parse(File.ReadAllText("/proc/self/oom_score_adj"), CultureInfo.InvariantCulture),
            Cgroups = cgroups,
            RecursiveReadOnly = HasRecursiveReadOnly(name.Release),
            SwapAccounting = cgroups.IsUnified || File.Exists($"{cgroups.PathOf("memory")}/memory.memsw.limit_in_bytes"),
        };
    }

    // uname(2): "6.1.0-18-amd64".
    internal static bool HasRecursiveReadOnly(string release)
    {
        string[] numbers = release.Split('.', '-', '+');
        return numbers.Length >= 2
            && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
            && (major, minor).CompareTo((5, 12)) >= 0;
    }

    // proc_pid_status(5): "CapBnd:\t000001fffeffffff". The bounding set is what the runtime, which is root, can give on.
    internal static IReadOnlySet<string> ReadCapabilities(string status)
    {
        const string label = "CapBnd:";
        string line = status.Split('\n').First(static line => line.StartsWith(label, StringComparison.Ordinal));
        return Spec.Capabilities.Of(ulong.Parse(line[label.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToHashSet();
    }

    // proc_pid_limits(5), columns by position:
    // Limit                     Soft Limit           Hard Limit           Units
    // Max open files            1024                 4096                 files
    internal static IReadOnlyDictionary<string, ulong> ReadLimits(string text)
    {
        Dictionary<string, ulong> limits = [];
        foreach (string line in text.Split('\n').Skip(1).Where(static line => line.Length > 47))
        {
            string hard = line[47..].Split(' ', 2)[0];
            if (LimitNames.TryGetValue(line[..26].Trim(), out string? name))
                limits[name] = hard == "unlimited" ? ulong.MaxValue : ulong.Parse(hard, CultureInfo.InvariantCulture);
        }

        return limits;
    }

    static readonly Dictionary<string, string> LimitNames = new()
    {
        ["Max cpu time"] = "cpu",
        ["Max file size"] = "fsize",
        ["Max data size"] = "data",
        ["Max stack size"] = "stack",
        ["Max core file size"] = "core",
        ["Max resident set"] = "rss",
        ["Max processes"] = "nproc",
        ["Max open files"] = "nofile",
        ["Max locked memory"] = "memlock",
        ["Max address space"] = "as",
        ["Max file locks"] = "locks",
        ["Max pending signals"] = "sigpending",
        ["Max msgqueue size"] = "msgqueue",
        ["Max nice priority"] = "nice",
        ["Max realtime priority"] = "rtprio",
        ["Max realtime timeout"] = "rttime",
    };
}
