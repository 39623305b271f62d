using System.Globalization;
using Strake.Containers;
using Strake.Kubernetes.Pods;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>From what a pod wants to what the engine is asked for. Pure.</summary>
static class PodContainerRequests
{
    // What the kernel and Docker take a whole processor for.
    const int SharesOfProcessor = 1024;
    const int MinShares = 2;
    const int MillisOfProcessor = 1000;
    const int NanosOfMilli = 1_000_000;

    /// <summary>A pod's sandbox.</summary>
    public static ContainerRequest Of(SandboxOrder order) => new(
        PodLabels.NameOf(order.Pod, PodLabels.SandboxContainer, order.Attempt),
        new ContainerConfig
        {
            Image = PauseImage.Reference.Familiar,
            Entrypoint = [PauseImage.Program],
            Hostname = order.HasHostNetwork ? null : order.Hostname,
            // It has nothing to end, and no hand for a signal.
            StopSignal = "SIGKILL",
            Labels = new Dictionary<string, string>(order.Labels.Where(static label => !label.Key.StartsWith("io.", StringComparison.Ordinal)).Concat(
                PodLabels.Of(order.Pod, PodLabels.SandboxContainer, order.Attempt)), StringComparer.Ordinal),
        },
        new HostSettings
        {
            NetworkMode = order.HasHostNetwork ? "host" : null,
            IpcMode = order.HasHostIpc ? "host" : "shareable",
            PortBindings = PortsOf(order),
            ExtraHosts = [.. order.Hosts.Select(static host => $"{host.Name}:{host.Address}")],
            Dns = [.. order.NameServers],
            DnsSearch = [.. order.SearchDomains],
            DnsOptions = [.. order.ResolverOptions],
            Sysctls = order.Sysctls,
            ReadonlyRootfs = true,
            LogConfig = new LogSettings("none", null),
        },
        NetworkSettings.None);

    /// <summary>A run of a pod's container.</summary>
    public static ContainerRequest Of(ContainerLaunch launch)
    {
        ContainerRights rights = launch.Rights;
        string sandbox = $"container:{launch.Sandbox}";
        Dictionary<string, string> labels = PodLabels.Of(launch.Pod, launch.Container, launch.Attempt);
        labels[PodLabels.Sandbox] = launch.Sandbox;
        labels[PodLabels.Crashes] = launch.Crashes.ToString(CultureInfo.InvariantCulture);
        return new ContainerRequest(
            PodLabels.NameOf(launch.Pod, launch.Container, launch.Attempt),
            new ContainerConfig
            {
                Image = launch.Image,
                Entrypoint = launch.Command,
                Cmd = launch.Arguments,
                WorkingDir = launch.WorkingDirectory.Length > 0 ? launch.WorkingDirectory : null,
                Env = launch.Environment,
                User = rights.User.Length > 0 ? rights.User : null,
                Hostname = launch.HasHostNetwork ? null : launch.Hostname,
                Labels = labels,
                OpenStdin = launch.HasInput,
                StdinOnce = launch.InputOnce,
                Tty = launch.HasTerminal,
            },
            new HostSettings
            {
                NetworkMode = launch.HasHostNetwork ? "host" : sandbox,
                IpcMode = launch.HasHostIpc ? "host" : sandbox,
                PidMode = launch.HasHostProcesses ? "host" : launch.SharesProcesses ? sandbox : null,
                GroupAdd = [.. rights.Groups],
                Privileged = rights.IsPrivileged,
                ReadonlyRootfs = rights.HasReadOnlyRoot,
                CapAdd = [.. rights.AddedCapabilities],
                CapDrop = [.. rights.DroppedCapabilities],
                SecurityOpt = [.. rights.CannotEscalate ? (string[])["no-new-privileges"] : [], .. rights.IsUnconfined ? (string[])["seccomp=unconfined"] : []],
                NanoCpus = rights.CpuLimitMillis * NanosOfMilli,
                CpuShares = rights.CpuRequestMillis > 0 ? Math.Max(MinShares, rights.CpuRequestMillis * SharesOfProcessor / MillisOfProcessor) : 0,
                Memory = rights.MemoryLimitBytes,
                // No swap beyond the limit.
                MemorySwap = rights.MemoryLimitBytes,
                OomScoreAdj = rights.OutOfMemoryScore,
                Devices = [.. launch.Devices.Select(static device => new DeviceMapping(device.Source, device.Target, device.ReadOnly ? "rm" : "rwm"))],
                Mounts = [.. launch.Mounts.Select(MountOf), .. MessageMount(launch)],
            },
            NetworkSettings.None);
    }

    static MountRequest MountOf(ContainerMount mount) => mount.IsImage
        ? new MountRequest
        {
            Type = "image",
            Source = mount.Source,
            Target = mount.Target,
            ImageOptions = mount.SubPath.Length > 0 ? new ImageOptions { Subpath = mount.SubPath } : null,
        }
        : new MountRequest
        {
            Type = "bind",
            Source = mount.Source,
            Target = mount.Target,
            ReadOnly = mount.ReadOnly,
            BindOptions = new BindOptions
            {
                Propagation = mount.Propagation,
                Subpath = mount.SubPath,
                ReadOnlyNonRecursive = mount is { ReadOnly: true, Depth: ReadOnlyDepth.Topmost },
                ReadOnlyForceRecursive = mount is { ReadOnly: true, Depth: ReadOnlyDepth.Recursive },
            },
        };

    static IEnumerable<MountRequest> MessageMount(ContainerLaunch launch)
    {
        if (launch.MessageFile is { } file && !launch.Mounts.Any(mount => mount.Target == launch.MessagePath))
            yield return new MountRequest { Type = "bind", Source = file, Target = launch.MessagePath };
    }

    static Dictionary<string, IReadOnlyList<PortBinding>?> PortsOf(SandboxOrder order) => order.Ports
        .GroupBy(static port => string.Create(CultureInfo.InvariantCulture, $"{port.Port}/{port.Protocol}"), StringComparer.Ordinal)
        .ToDictionary(static group => group.Key, static group => (IReadOnlyList<PortBinding>?)[.. group.Select(static port =>
            new PortBinding(port.HostAddress, port.HostPort.ToString(CultureInfo.InvariantCulture)))], StringComparer.Ordinal);
}
