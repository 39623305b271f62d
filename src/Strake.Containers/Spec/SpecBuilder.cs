using System.Globalization;
using Strake.Containers.Mounts;
using Strake.Containers.Oci;

namespace Strake.Containers.Spec;

/// <summary>Makes the runtime's spec of a container. Pure: the same input gives the same spec.</summary>
static class SpecBuilder
{
    const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Hidden from the container: Docker's list.</summary>
    public static readonly string[] MaskedPaths =
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug",
        "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
    ];

    /// <summary>Read-only in the container: Docker's list.</summary>
    public static readonly string[] ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    /// <summary>The spec of a container.</summary>
    /// <exception cref="StrakeException">Invalid: something asked for is none: a capability, a profile, a device rule.</exception>
    public static OciSpec Build(SpecInput input)
    {
        Container container = input.Container;
        HostSettings host = container.Host;
        IReadOnlyList<string> capabilities = CapabilitiesOf(host, input.Features);
        return new OciSpec
        {
            Process = ProcessOf(input, capabilities),
            Root = new OciRoot(input.RootPath, host.ReadonlyRootfs),
            Hostname = host.UTSMode == "host" ? null : container.Config.Hostname,
            Domainname = host.UTSMode == "host" || container.Config.Domainname is "" ? null : container.Config.Domainname,
            Mounts = SpecMounts.Of(input),
            Annotations = host.Annotations,
            Linux = new OciLinux
            {
                Namespaces = NamespacesOf(input),
                CgroupsPath = input.CgroupPath,
                Resources = SpecResources.Of(host, input.Devices),
                Devices = [.. input.Devices.Select(static device => device.Device)],
                Sysctl = host.Sysctls is { Count: > 0 } sysctls ? sysctls : null,
                Seccomp = SeccompOf(host, capabilities, input.Features),
                MaskedPaths = host.Privileged ? null : host.MaskedPaths ?? MaskedPaths,
                ReadonlyPaths = host.Privileged ? null : host.ReadonlyPaths ?? ReadonlyPaths,
                RootfsPropagation = container.Mounts.Select(static mount => mount.Propagation).FirstOrDefault(static p => p is "rshared" or "shared")
                    ?? container.Mounts.Select(static mount => mount.Propagation).FirstOrDefault(static p => p is "rslave" or "slave"),
            },
        };
    }

    /// <summary>The process of an exec in a running container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="request">The process.</param>
    /// <param name="user">Who it is.</param>
    /// <param name="features">What the host allows.</param>
    public static OciProcess BuildExec(Container container, ExecRequest request, ContainerUser user, HostFeatures features)
    {
        HostSettings host = request.Privileged ? container.Host with { Privileged = true } : container.Host;
        bool tty = request.Tty;
        return new OciProcess
        {
            Terminal = tty,
            ConsoleSize = ConsoleSizeOf(tty, request.ConsoleSize),
            User = UserOf(user),
            Args = request.Cmd!,
            Env = EnvironmentOf(container.Config, tty, user, request.Env ?? []),
            Cwd = request.WorkingDir is { Length: > 0 } directory ? directory : WorkingDirectoryOf(container.Config),
            Capabilities = SetsOf(CapabilitiesOf(host, features)),
            NoNewPrivileges = SecurityOptions.Parse(container.Host.SecurityOpt).NoNewPrivileges,
            Rlimits = RlimitsOf(container.Host),
        };
    }

    /// <summary>The directory that a container's process starts in.</summary>
    public static string WorkingDirectoryOf(ContainerConfig config) =>
        config.WorkingDir is { Length: > 0 } directory ? ContainerPath.Clean(directory) : "/";

    static OciProcess ProcessOf(SpecInput input, IReadOnlyList<string> capabilities)
    {
        Container container = input.Container;
        HostSettings host = container.Host;
        return new OciProcess
        {
            Terminal = container.Config.Tty,
            ConsoleSize = ConsoleSizeOf(container.Config.Tty, host.ConsoleSize),
            User = UserOf(input.User),
            Args = [container.Path, .. container.Args],
            Env = EnvironmentOf(container.Config, container.Config.Tty, input.User, []),
            Cwd = WorkingDirectoryOf(container.Config),
            Capabilities = SetsOf(capabilities),
            Rlimits = RlimitsOf(host),
            NoNewPrivileges = SecurityOptions.Parse(host.SecurityOpt).NoNewPrivileges,
            OomScoreAdj = host.OomScoreAdj != 0 ? host.OomScoreAdj : null,
        };
    }

    static OciConsoleSize? ConsoleSizeOf(bool tty, IReadOnlyList<int>? size) =>
        tty && size is [> 0 and var height, > 0 and var width] ? new OciConsoleSize(height, width) : null;

    static OciUser UserOf(ContainerUser user) => new(user.Uid, user.Gid, user.AdditionalGids.Count > 0 ? user.AdditionalGids : null);

    // For a user that is not root execve clears all but the bounding set (capabilities(7)).
    static OciCapabilities SetsOf(IReadOnlyList<string> capabilities) => new(capabilities, capabilities, capabilities);

    static IReadOnlyList<string> CapabilitiesOf(HostSettings host, HostFeatures features) =>
        Capabilities.Choose(host.CapAdd ?? [], host.CapDrop ?? [], host.Privileged, [.. features.Capabilities]);

    static OciSeccomp? SeccompOf(HostSettings host, IReadOnlyList<string> capabilities, HostFeatures features) =>
        host.Privileged ? null : SeccompProfile.Choose(SecurityOptions.Parse(host.SecurityOpt).Seccomp, [.. capabilities], features.Machine);

    static IReadOnlyList<OciRlimit>? RlimitsOf(HostSettings host) => host.Ulimits is { Count: > 0 } limits ? [.. limits.Select(RlimitOf)] : null;

    static OciRlimit RlimitOf(Ulimit limit) =>
        new("RLIMIT_" + limit.Name.ToUpperInvariant(), Unsigned(limit.Hard), Unsigned(limit.Soft));

    static ulong Unsigned(long limit) => limit < 0 ? ulong.MaxValue : (ulong)limit;

    static List<string> EnvironmentOf(ContainerConfig config, bool tty, ContainerUser user, IReadOnlyList<string> more)
    {
        List<string> environment = [DefaultPath, string.Create(CultureInfo.InvariantCulture, $"HOSTNAME={config.Hostname}")];
        if (tty)
            environment.Add("TERM=xterm");
        environment = EnvironmentList.Merge(EnvironmentList.Merge(environment, config.Env ?? []), more);
        if (!environment.Exists(static variable => variable.StartsWith("HOME=", StringComparison.Ordinal)))
            environment.Add("HOME=" + user.Home);
        return environment;
    }

    static List<OciNamespace> NamespacesOf(SpecInput input)
    {
        HostSettings host = input.Container.Host;
        List<OciNamespace> namespaces = [new("mount")];
        if (!NetworkMode.IsHost(input.Container))
            namespaces.Add(new("network", input.NetworkNamespace));
        if (host.UTSMode != "host")
            namespaces.Add(new("uts"));
        if (host.PidMode != "host")
            namespaces.Add(new("pid", input.PidNamespace));
        if (host.IpcMode != "host")
            namespaces.Add(new("ipc", input.IpcNamespace));
        if (OwnsCgroupNamespace(host, input.Features))
            namespaces.Add(new("cgroup"));
        return namespaces;
    }

    static bool OwnsCgroupNamespace(HostSettings host, HostFeatures features) => host.CgroupnsMode switch
    {
        "private" => true,
        "host" => false,
        _ => features.Cgroups.IsUnified && !host.Privileged,
    };
}
