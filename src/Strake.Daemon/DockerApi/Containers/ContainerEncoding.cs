using System.Globalization;
using Strake.Containers;
using Strake.Containers.Networks;

namespace Strake.Daemon.DockerApi;

/// <summary>From the container engine's nouns to Docker's bodies.</summary>
/// <param name="networks">The networks, which containers that do not run are shown on, too.</param>
sealed class ContainerEncoding(ContainerNetworks networks)
{
    static readonly Dictionary<string, string> s_noLabels = [];

    /// <summary>A row of the list.</summary>
    /// <param name="container">The container.</param>
    /// <param name="now">What "5 minutes ago" counts from.</param>
    /// <param name="size">What it occupies; null: not asked for.</param>
    public ContainerSummaryBody Summary(Container container, DateTimeOffset now, ContainerSize? size) => new()
    {
        Id = container.Id,
        Names = ["/" + container.Name],
        Image = container.ImageReference,
        ImageID = container.ImageId.ToString(),
        Command = CommandOf(container),
        Created = container.Created.ToUnixTimeSeconds(),
        Ports = [.. PortsOf(container)],
        SizeRw = size?.SizeRwBytes ?? 0,
        SizeRootFs = size?.SizeRootFsBytes ?? 0,
        Labels = container.Config.Labels ?? s_noLabels,
        State = ContainerStatusText.Word(container.State.Status),
        Status = ContainerStatusText.Of(container.State, now),
        HostConfig = new(NetworkModeOf(container.Host)),
        NetworkSettings = new(Endpoints(container)),
        Mounts = [.. container.Mounts.Select(Mount)],
    };

    /// <summary>The whole of a container.</summary>
    public ContainerBody Inspect(Container container, ContainerSize? size) => new()
    {
        Id = container.Id,
        Created = DockerTime.Format(container.Created),
        Path = container.Path,
        Args = container.Args,
        State = State(container.State),
        Image = container.ImageId.ToString(),
        ResolvConfPath = container.ResolvConfPath,
        HostnamePath = container.HostnamePath,
        HostsPath = container.HostsPath,
        LogPath = container.LogPath,
        Name = "/" + container.Name,
        RestartCount = container.RestartCount,
        Driver = container.Driver,
        ExecIDs = container.ExecIds.Count == 0 ? null : container.ExecIds,
        HostConfig = Host(container.Host),
        GraphDriver = new(new Dictionary<string, string> { ["ID"] = container.Id }, container.Driver),
        SizeRw = size?.SizeRwBytes,
        SizeRootFs = size?.SizeRootFsBytes,
        Mounts = [.. container.Mounts.Select(Mount)],
        Config = Config(container.Config),
        NetworkSettings = Network(container),
    };

    static ContainerStateBody State(ContainerState state) => new()
    {
        Status = ContainerStatusText.Word(state.Status),
        Running = state.IsRunning || state.Status is ContainerStatus.Restarting,
        Paused = state.Status is ContainerStatus.Paused,
        Restarting = state.Status is ContainerStatus.Restarting,
        OOMKilled = state.OOMKilled,
        Dead = state.Status is ContainerStatus.Dead,
        Pid = state.Pid,
        ExitCode = state.ExitCode,
        Error = state.Error,
        StartedAt = DockerTime.Format(state.StartedAt),
        FinishedAt = DockerTime.Format(state.FinishedAt),
    };

    // SDKs index into these without asking: what Docker never leaves null is not null here.
    static HostSettings Host(HostSettings host) => host with
    {
        ContainerIDFile = host.ContainerIDFile ?? "",
        LogConfig = new(string.IsNullOrEmpty(host.LogConfig?.Type) ? "json-file" : host.LogConfig.Type, host.LogConfig?.Config ?? s_noLabels),
        NetworkMode = NetworkModeOf(host),
        PortBindings = host.PortBindings ?? new Dictionary<string, IReadOnlyList<PortBinding>?>(),
        RestartPolicy = new(string.IsNullOrEmpty(host.RestartPolicy?.Name) ? "no" : host.RestartPolicy.Name, host.RestartPolicy?.MaximumRetryCount ?? 0),
        VolumeDriver = host.VolumeDriver ?? "",
        ConsoleSize = host.ConsoleSize ?? [0, 0],
        CgroupnsMode = host.CgroupnsMode ?? "",
        Dns = host.Dns ?? [],
        DnsOptions = host.DnsOptions ?? [],
        DnsSearch = host.DnsSearch ?? [],
        IpcMode = host.IpcMode ?? "",
        PidMode = host.PidMode ?? "",
        UTSMode = host.UTSMode ?? "",
        Runtime = host.Runtime ?? "",
        Isolation = host.Isolation ?? "",
        CgroupParent = host.CgroupParent ?? "",
        CpusetCpus = host.CpusetCpus ?? "",
        CpusetMems = host.CpusetMems ?? "",
        Devices = host.Devices ?? [],
        Ulimits = host.Ulimits ?? [],
        // What clients send for "no wish", and Docker stores as none.
        MemorySwappiness = host.MemorySwappiness == -1 ? null : host.MemorySwappiness,
        PidsLimit = host.PidsLimit is 0 or -1 ? null : host.PidsLimit,
    };

    static ContainerConfig Config(ContainerConfig config) => config with
    {
        Hostname = config.Hostname ?? "",
        Domainname = config.Domainname ?? "",
        User = config.User ?? "",
        Image = config.Image ?? "",
        WorkingDir = config.WorkingDir ?? "",
        MacAddress = config.MacAddress ?? "",
        Labels = config.Labels ?? s_noLabels,
    };

    static string NetworkModeOf(HostSettings host) => string.IsNullOrEmpty(host.NetworkMode) ? "default" : host.NetworkMode;

    NetworkSettingsBody Network(Container container)
    {
        // The members beside Networks are those of the default bridge, as of old.
        NetworkEndpoint bridge = container.Network.Endpoints.GetValueOrDefault("bridge") ?? new NetworkEndpoint();
        return new()
        {
            SandboxID = container.State.IsRunning ? container.Id : "",
            SandboxKey = container.Network.SandboxKey,
            Ports = container.Network.Ports,
            EndpointID = bridge.EndpointId,
            Gateway = bridge.Gateway,
            GlobalIPv6Address = bridge.GlobalIPv6Address,
            GlobalIPv6PrefixLen = bridge.GlobalIPv6PrefixLen,
            IPAddress = bridge.IPAddress,
            IPPrefixLen = bridge.IPPrefixLen,
            IPv6Gateway = bridge.IPv6Gateway,
            MacAddress = bridge.MacAddress,
            Networks = Endpoints(container),
        };
    }

    /// <summary>A container's places on networks; while it does not run, the place that it will have.</summary>
    public IReadOnlyDictionary<string, EndpointBody> Endpoints(Container container)
    {
        var found = new Dictionary<string, EndpointBody>(StringComparer.Ordinal);
        foreach ((string name, NetworkEndpoint endpoint) in container.Network.Endpoints)
            found.Add(name, Endpoint(endpoint, container.Network.Settings.EndpointsConfig?.GetValueOrDefault(name)));
        if (found.Count == 0 && NetworkOf(container.Host) is { } network)
        {
            var idle = new NetworkEndpoint { NetworkId = network.Id };
            found.Add(network.Name, Endpoint(idle, container.Network.Settings.EndpointsConfig?.GetValueOrDefault(network.Name)));
        }

        return found;
    }

    // Null for another container's network: that one is on it.
    IContainerNetwork? NetworkOf(HostSettings host) => networks.Find(NetworkModeOf(host) is "default" ? networks.Default : NetworkModeOf(host));

    static EndpointBody Endpoint(NetworkEndpoint endpoint, EndpointSettings? asked) => new()
    {
        IPAMConfig = asked?.IPAMConfig,
        Links = asked?.Links,
        Aliases = endpoint.Aliases.Count == 0 ? null : endpoint.Aliases,
        MacAddress = endpoint.MacAddress,
        DriverOpts = asked?.DriverOpts,
        NetworkID = endpoint.NetworkId,
        EndpointID = endpoint.EndpointId,
        Gateway = endpoint.Gateway,
        IPAddress = endpoint.IPAddress,
        IPPrefixLen = endpoint.IPPrefixLen,
        IPv6Gateway = endpoint.IPv6Gateway,
        GlobalIPv6Address = endpoint.GlobalIPv6Address,
        GlobalIPv6PrefixLen = endpoint.GlobalIPv6PrefixLen,
    };

    static MountPointBody Mount(MountPoint mount) => new()
    {
        Type = mount.Type,
        Name = mount.Name.Length == 0 ? null : mount.Name,
        Source = mount.Source,
        Destination = mount.Destination,
        Driver = mount.Driver.Length == 0 ? null : mount.Driver,
        Mode = mount.Mode,
        RW = mount.RW,
        Propagation = mount.Propagation,
    };

    // Quoted where a word has a space, as docker ps has it.
    static string CommandOf(Container container)
    {
        IEnumerable<string> arguments = container.Args.Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word);
        return string.Join(' ', arguments.Prepend(container.Path));
    }

    /// <summary>A container's ports, published or only exposed; none of one that does not run.</summary>
    public static IEnumerable<PortBody> PortsOf(Container container)
    {
        if (!container.State.IsRunning) yield break;
        foreach ((string port, IReadOnlyList<PortBinding>? bindings) in container.Network.Ports)
        {
            (int number, string protocol) = Split(port);
            if (bindings is not { Count: > 0 })
            {
                yield return new() { PrivatePort = number, Type = protocol };
                continue;
            }

            foreach (PortBinding binding in bindings)
            {
                yield return new()
                {
                    IP = string.IsNullOrEmpty(binding.HostIp) ? "0.0.0.0" : binding.HostIp,
                    PrivatePort = number,
                    PublicPort = int.TryParse(binding.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out int open) ? open : 0,
                    Type = protocol,
                };
            }
        }
    }

    static (int Number, string Protocol) Split(string port)
    {
        int slash = port.IndexOf('/', StringComparison.Ordinal);
        string digits = slash < 0 ? port : port[..slash];
        int number = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) ? parsed : 0;
        return (number, slash < 0 ? "tcp" : port[(slash + 1)..]);
    }
}
