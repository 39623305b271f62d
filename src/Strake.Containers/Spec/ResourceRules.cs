using System.Globalization;

namespace Strake.Containers.Spec;

/// <summary>Checks a container's resource settings against what makes sense and what the host allows. Pure.</summary>
static class ResourceRules
{
    const long MinimumMemoryBytes = 6 << 20;

    static readonly string[] IpcSysctls =
        ["kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced"];

    /// <summary>The settings as they can be carried out.</summary>
    /// <param name="host">What the user asked for.</param>
    /// <param name="features">What the host allows.</param>
    /// <param name="warnings">Receives a sentence for each setting that is carried out otherwise.</param>
    /// <exception cref="StrakeException">Invalid: names the setting.</exception>
    public static HostSettings Adapt(HostSettings host, HostFeatures features, List<string> warnings)
    {
        CheckMemory(host);
        CheckCpu(host, features);
        CheckLimits(host, features);
        CheckSysctls(host);
        foreach (string rule in host.DeviceCgroupRules ?? [])
            SpecResources.ParseRule(rule);

        if (host.ShmSize < 0)
            throw StrakeException.Invalid("SHM size can not be less than 0");
        if (host.Memory > 0 && host.MemorySwap == 0)
            host = host with { MemorySwap = host.Memory * 2 };
        if (host.MemorySwap != 0 && !features.SwapAccounting)
        {
            warnings.Add("Your kernel does not support swap limit capabilities or the cgroup is not mounted. Memory limited without swap.");
            host = host with { MemorySwap = 0 };
        }

        return host;
    }

    static void CheckMemory(HostSettings host)
    {
        if (host.Memory is not 0 and < MinimumMemoryBytes)
            throw StrakeException.Invalid("Minimum memory limit allowed is 6MB");
        if (host.Memory > 0 && host.MemorySwap > 0 && host.MemorySwap < host.Memory)
            throw StrakeException.Invalid("Minimum memoryswap limit should be larger than memory limit, see usage");
        if (host.Memory == 0 && host.MemorySwap > 0)
            throw StrakeException.Invalid("You should always set the Memory limit when using Memoryswap limit, see usage");
        if (host.MemorySwappiness is < -1 or > 100)
            throw StrakeException.Invalid($"Invalid value: {host.MemorySwappiness}, valid memory swappiness range is 0-100");
        if (host.MemoryReservation is not 0 and < MinimumMemoryBytes)
            throw StrakeException.Invalid("Minimum memory reservation allowed is 6MB");
        if (host.Memory > 0 && host.MemoryReservation > host.Memory)
            throw StrakeException.Invalid("Minimum memory limit can not be less than memory reservation limit, see usage");
    }

    static void CheckCpu(HostSettings host, HostFeatures features)
    {
        if (host.NanoCpus > 0 && (host.CpuPeriod > 0 || host.CpuQuota > 0))
            throw StrakeException.Invalid("Conflicting options: Nano CPUs and CPU Period cannot both be set");
        if (host.NanoCpus < 0 || host.NanoCpus > Environment.ProcessorCount * 1_000_000_000L)
            throw StrakeException.Invalid(string.Create(CultureInfo.InvariantCulture, $"range of CPUs is from 0.01 to {Environment.ProcessorCount}.00, as there are only {Environment.ProcessorCount} CPUs available"));
        if (host.CpuPeriod is not 0 and (< 1_000 or > 1_000_000))
            throw StrakeException.Invalid("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        if (host.CpuQuota is > 0 and < 1_000)
            throw StrakeException.Invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)");
        if (host.OomScoreAdj is < -1000 or > 1000)
            throw StrakeException.Invalid($"Invalid value {host.OomScoreAdj}, range for oom score adj is [-1000, 1000]");
        if (host.OomScoreAdj != 0 && host.OomScoreAdj < features.OomScoreAdj && !features.MayRaiseLimits)
            throw StrakeException.Invalid($"HostConfig.OomScoreAdj {host.OomScoreAdj} is below the engine's own {features.OomScoreAdj}, and the engine lacks CAP_SYS_RESOURCE to lower it");
    }

    static void CheckLimits(HostSettings host, HostFeatures features)
    {
        foreach (Ulimit limit in host.Ulimits ?? [])
        {
            if (!features.HardLimits.TryGetValue(limit.Name, out ulong own))
                throw StrakeException.Invalid($"invalid ulimit type: {limit.Name}");
            ulong hard = limit.Hard < 0 ? ulong.MaxValue : (ulong)limit.Hard;
            ulong soft = limit.Soft < 0 ? ulong.MaxValue : (ulong)limit.Soft;
            if (soft > hard)
                throw StrakeException.Invalid($"ulimit soft limit must be less than or equal to hard limit: {limit.Soft} > {limit.Hard}");
            if (hard > own && !features.MayRaiseLimits)
                throw StrakeException.Invalid(string.Create(CultureInfo.InvariantCulture, $"ulimit {limit.Name}: the hard limit {limit.Hard} is above the engine's own {own}, and the engine lacks CAP_SYS_RESOURCE to raise it"));
        }
    }

    // A parameter that belongs to no namespace of the container's would be set on the host; not all runtimes refuse it.
    static void CheckSysctls(HostSettings host)
    {
        foreach (string name in host.Sysctls?.Keys ?? [])
        {
            string dotted = name.Replace('/', '.');
            bool own = (IpcSysctls.Contains(dotted) || dotted.StartsWith("fs.mqueue.", StringComparison.Ordinal)) && host.IpcMode != "host";
            own |= dotted.StartsWith("net.", StringComparison.Ordinal) && host.NetworkMode != "host";
            own |= dotted is "kernel.domainname" or "kernel.hostname" && host.UTSMode != "host";
            if (!own || dotted.Contains("..", StringComparison.Ordinal))
                throw StrakeException.Invalid($"sysctl \"{name}\" is not in a separate kernel namespace");
        }
    }
}
