namespace Strake.Containers.Mounts;

/// <summary>What a mount may ask for, with Docker's refusals.</summary>
static class MountRules
{
    public const string Bind = "bind";
    public const string Volume = "volume";
    public const string Tmpfs = "tmpfs";

    /// <summary>Checks one mount as far as that needs no file system. Pure.</summary>
    /// <exception cref="StrakeException">Invalid, in Docker's words; NotSupported: names the option.</exception>
    public static void Check(MountRequest mount)
    {
        if (string.IsNullOrEmpty(mount.Target))
            throw Refuse(mount, "field Target must not be empty");
        if (!mount.Target.StartsWith('/'))
            throw Refuse(mount, $"invalid mount path: '{mount.Target}' mount path must be absolute");
        if (ContainerPath.Clean(mount.Target) == "/")
            throw Refuse(mount, "invalid specification: destination can't be '/'");
        if (mount.Target.Contains('\0', StringComparison.Ordinal) || mount.Source?.Contains('\0', StringComparison.Ordinal) == true)
            throw Refuse(mount, "a path cannot hold a NUL");
        CheckProc(mount);

        switch (mount.Type)
        {
            case Bind:
                CheckBind(mount);
                break;
            case Volume:
                CheckVolume(mount);
                break;
            case Tmpfs:
                CheckTmpfs(mount);
                break;
            default:
                throw Refuse(mount, "mount type unknown");
        }
    }

    /// <summary>A refusal in Docker's form.</summary>
    public static StrakeException Refuse(MountRequest mount, string why) =>
        StrakeException.Invalid($"invalid mount config for type \"{mount.Type}\": {why}");

    // A mount over /proc would let the image's files answer for the kernel (CVE-2019-16884). runc checks this itself,
    // other runtimes do not; the exceptions are runc's, which lxcfs needs.
    static void CheckProc(MountRequest mount)
    {
        string target = ContainerPath.Clean(mount.Target!);
        bool inside = target == "/proc" || target.StartsWith("/proc/", StringComparison.Ordinal);
        if (inside && !ProcFiles.Contains(target["/proc".Length..]))
            throw Refuse(mount, $"\"{target}\" cannot be mounted because it is inside /proc");
    }

    static readonly string[] ProcFiles =
        ["/cpuinfo", "/diskstats", "/meminfo", "/stat", "/swaps", "/uptime", "/loadavg", "/slabinfo", "/net/dev", "/sys/kernel/ns_last_pid"];

    static void CheckBind(MountRequest mount)
    {
        if (string.IsNullOrEmpty(mount.Source))
            throw Refuse(mount, "field Source must not be empty");
        if (mount.VolumeOptions is not null)
            throw Refuse(mount, "field VolumeOptions must not be specified");
        if (mount.TmpfsOptions is not null)
            throw Refuse(mount, "field TmpfsOptions must not be specified");
        if (!mount.Source.StartsWith('/'))
            throw Refuse(mount, $"invalid mount path: '{mount.Source}' mount path must be absolute");
        if (mount.BindOptions?.Propagation is { Length: > 0 } propagation && !MountMode.Propagations.Contains(propagation))
            throw Refuse(mount, $"invalid propagation mode: {propagation}");
        if (mount.BindOptions?.ReadOnlyForceRecursive == true)
            throw StrakeException.NotSupported("HostConfig.Mounts.BindOptions.ReadOnlyForceRecursive is not supported yet");
    }

    static void CheckVolume(MountRequest mount)
    {
        if (mount.BindOptions is not null)
            throw Refuse(mount, "field BindOptions must not be specified");
        if (mount.TmpfsOptions is not null)
            throw Refuse(mount, "field TmpfsOptions must not be specified");
        if (string.IsNullOrEmpty(mount.Source) && mount.ReadOnly)
            throw Refuse(mount, "must not set ReadOnly mode when using anonymous volumes");
        // A runtime takes a path, and another container of the volume may swap a directory in it for a link at any time
        // (CVE-2017-1002101, CVE-2021-25741): until a descriptor can be handed on, it is refused.
        if (mount.VolumeOptions?.Subpath is { Length: > 0 })
            throw StrakeException.NotSupported("HostConfig.Mounts.VolumeOptions.Subpath is not supported yet");
    }

    static void CheckTmpfs(MountRequest mount)
    {
        if (mount.BindOptions is not null)
            throw Refuse(mount, "field BindOptions must not be specified");
        if (mount.VolumeOptions is not null)
            throw Refuse(mount, "field VolumeOptions must not be specified");
        if (!string.IsNullOrEmpty(mount.Source))
            throw Refuse(mount, "field Source must not be specified");
        TmpfsFlags.Of(mount.ReadOnly, mount.TmpfsOptions ?? new TmpfsOptions());
    }
}
