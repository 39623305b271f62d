namespace Strake.Containers.Spec;

/// <summary>The capabilities of a container (capabilities(7)).</summary>
static class Capabilities
{
    const string Prefix = "CAP_";
    const string Everything = "ALL";

    /// <summary>What a container has unless told otherwise, as in Docker.</summary>
    public static readonly string[] Default =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    // Indexed by number: linux/capability.h.
    static readonly string[] Known =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
        "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
        "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
        "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>The names in a set as /proc/PID/status writes it.</summary>
    /// <param name="set">A bit for each capability, by number.</param>
    public static IReadOnlyList<string> Of(ulong set) => [.. Known.Where((_, number) => (set & (1UL << number)) != 0)];

    /// <summary>
    /// The capabilities of a container. What the engine itself lacks cannot be given, as the runtime would fail on it: it is
    /// left out of "all", and refused where it was asked for by name.
    /// </summary>
    /// <param name="add">What the user adds; <c>ALL</c>.</param>
    /// <param name="drop">What the user takes; <c>ALL</c>.</param>
    /// <param name="privileged">Whether the container has all.</param>
    /// <param name="available">What the engine has.</param>
    /// <exception cref="StrakeException">Invalid: names a capability that is none, or that is not to be had.</exception>
    public static IReadOnlyList<string> Choose(
        IReadOnlyList<string> add, IReadOnlyList<string> drop, bool privileged, IReadOnlyCollection<string> available)
    {
        List<string> added = Normalize(add);
        List<string> dropped = Normalize(drop);
        if (privileged)
            return [.. Known.Where(available.Contains)];

        if (added.Find(name => name != Everything && !available.Contains(name)) is { } missing)
            throw StrakeException.Invalid($"invalid CapAdd: capability not supported by your kernel or not available in the current environment: \"{missing}\"");

        IEnumerable<string> start = added.Contains(Everything) ? Known : dropped.Contains(Everything) ? [] : Default;
        IEnumerable<string> chosen = start.Except(dropped).Union(added.Where(static name => name != Everything));
        return [.. chosen.Where(available.Contains)];
    }

    static List<string> Normalize(IReadOnlyList<string> names)
    {
        List<string> normal = [];
        foreach (string name in names)
        {
            string upper = name.ToUpperInvariant();
            string full = upper == Everything || upper.StartsWith(Prefix, StringComparison.Ordinal) ? upper : Prefix + upper;
            normal.Add(full == Everything || Known.Contains(full) ? full : throw StrakeException.Invalid($"invalid capability: \"{name}\""));
        }

        return normal;
    }
}
