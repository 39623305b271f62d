namespace Strake.Containers.Mounts;

/// <summary>What a mount may ask for, with Docker's refusals.</summary>
static class MountRules
{
    public const string Bind = "bind";
    public const string Volume = "volume";
    public const string Tmpfs = "tmpfs";
    public const string Image = "image";

    /// <summary>Checks that one mount of a request has no options of another type, before all else: Docker's API does. Pure.</summary>
    /// <exception cref="StrakeException">Invalid, in Docker's words.</exception>
    public static void CheckOptions(MountRequest mount)
    {
        if (mount.Type is not (Bind or Volume or Tmpfs or Image))
            return;
        foreach ((string type, string name, bool given) in Options(mount))
        {
            // Docker's API looks at the older three alone; the newest is refused later, in other words.
            if (given && type != mount.Type && type != Image)
                throw StrakeException.Invalid($"{name} must not be specified on mount type \"{mount.Type}\"");
        }
    }

    /// <summary>Checks where <c>--tmpfs</c> mounts. Pure.</summary>
    /// <exception cref="StrakeException">Invalid, in Docker's words.</exception>
    public static void CheckTmpfsPath(string path)
    {
        if (!path.StartsWith('/'))
            throw StrakeException.Invalid($"invalid mount path: '{path}' mount path must be absolute");
        if (ContainerPath.Clean(path) == "/")
            throw StrakeException.Invalid("invalid specification: destination can't be '/'");
    }

    /// <summary>Checks one mount as far as that needs no file system. Pure.</summary>
    /// <exception cref="StrakeException">Invalid, in Docker's words; NotSupported: names the option.</exception>
    public static void Check(MountRequest mount)
    {
        if (mount.Type is not (Bind or Volume or Tmpfs or Image))
            throw Refuse(mount, "mount type unknown");
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
            case Image:
                CheckImage(mount);
                break;
            default:
                throw new InvalidOperationException($"A mount of type {mount.Type} was not refused.");
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
        RefuseOptions(mount);
        if (!mount.Source.StartsWith('/'))
            throw Refuse(mount, $"invalid mount path: '{mount.Source}' mount path must be absolute");
        if (mount.BindOptions?.Propagation is { Length: > 0 } propagation && !MountMode.Propagations.Contains(propagation))
            throw Refuse(mount, $"invalid propagation mode: {propagation}");
        CheckSubpath(mount, mount.BindOptions?.Subpath);
    }

    static void CheckVolume(MountRequest mount)
    {
        RefuseOptions(mount);
        if (string.IsNullOrEmpty(mount.Source))
        {
            if (mount.ReadOnly)
                throw Refuse(mount, "must not set ReadOnly mode when using anonymous volumes");
            if (mount.VolumeOptions?.Subpath is { Length: > 0 })
                throw Refuse(mount, "must not set Subpath when using anonymous volumes");
        }

        CheckSubpath(mount, mount.VolumeOptions?.Subpath);
    }

    static void CheckTmpfs(MountRequest mount)
    {
        RefuseOptions(mount);
        if (!string.IsNullOrEmpty(mount.Source))
            throw Refuse(mount, "field Source must not be specified");
        foreach (IReadOnlyList<string> words in mount.TmpfsOptions?.Options ?? [])
        {
            if (words.Count is not (1 or 2))
                throw Refuse(mount, "invalid option array length");
            if (words is not ["exec" or "noexec"])
                throw Refuse(mount, $"invalid option: {words[0]}");
        }
    }

    static void CheckImage(MountRequest mount)
    {
        if (string.IsNullOrEmpty(mount.Source))
            throw Refuse(mount, "field Source must not be empty");
        RefuseOptions(mount);
        CheckSubpath(mount, mount.ImageOptions?.Subpath);
    }

    // Whether what is found there is within the volume only the kernel can say, and it does: see StagedMounts.
    static void CheckSubpath(MountRequest mount, string? subpath)
    {
        if (subpath is not { Length: > 0 })
            return;
        int depth = 0;
        foreach (string component in subpath.Split('/'))
        {
            depth += component switch { "" or "." => 0, ".." => -1, _ => 1 };
            if (depth < 0)
                break;
        }

        if (depth < 0 || subpath.StartsWith('/') || subpath.Contains('\0', StringComparison.Ordinal))
            throw Refuse(mount, "subpath must be a relative path within the volume");
    }

    static void RefuseOptions(MountRequest mount)
    {
        foreach ((string type, string name, bool given) in Options(mount))
        {
            if (given && type != mount.Type)
                throw Refuse(mount, $"field {name} must not be specified");
        }
    }

    static IEnumerable<(string Type, string Name, bool Given)> Options(MountRequest mount) =>
    [
        (Bind, "BindOptions", mount.BindOptions is not null),
        (Volume, "VolumeOptions", mount.VolumeOptions is not null),
        (Tmpfs, "TmpfsOptions", mount.TmpfsOptions is not null),
        (Image, "ImageOptions", mount.ImageOptions is not null),
    ];
}
