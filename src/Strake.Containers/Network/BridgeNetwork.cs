using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Strake.Containers.Networks;

/// <summary>
/// The default network: a bridge of the host, with addresses from a private range, masqueraded towards the outside and
/// with ports published at the host's addresses.
/// </summary>
/// <remarks>
/// Interfaces, addresses and published ports are the work of the distribution's CNI plugins bridge, host-local and
/// portmap. They run against <c>/proc/&lt;pid&gt;/ns/net</c> of a process that exists but does not run yet: so no
/// namespace file needs to be mounted, and nothing is left when the container is gone. What is the same for all
/// containers (masquerading, forwarding) is set up once, not per container as the bridge plugin would.
/// </remarks>
public sealed class BridgeNetwork : IContainerNetwork, IAsyncDisposable
{
    const string CniVersion = "1.0.0";

    // portmap deletes all rules of a container, whichever ports they are for, but does nothing when it is told of none.
    static readonly PublishedPort AnyPort = new(IPAddress.Any, HostPort: 1, ContainerPort: 1, "tcp");

    static readonly TimeSpan s_namespaceEnd = TimeSpan.FromSeconds(2);

    readonly BridgeOptions options;
    readonly PortReservations ports = new();
    readonly HashSet<string> joined = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    readonly SemaphoreSlim setUpTurn = new(1, 1);
    readonly string pluginDirectory;
    readonly HostFirewall firewall;
    IPNetwork? subnet;
    string? id;
    bool ready;
    bool hasLeft;

    /// <summary>Describes the network; nothing is set up before the first container joins.</summary>
    /// <param name="options">Names, directories, addresses.</param>
    public BridgeNetwork(BridgeOptions options)
    {
        this.options = options;
        subnet = options.Subnet;
        firewall = new HostFirewall(options.BridgeName);
        pluginDirectory = options.PluginDirectories.FirstOrDefault(directory => File.Exists(Path.Combine(directory, "bridge")))
            ?? options.PluginDirectories[0];
    }

    /// <inheritdoc/>
    public string Name => "bridge";

    // Made when asked for: hashing brings OpenSSL into the process, which an idle daemon does not need.
    /// <inheritdoc/>
    public string Id => id ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("bridge " + options.BridgeName)));

    /// <inheritdoc/>
    public NetworkDescription Describe() => new(Id, Name, "bridge", subnet, subnet is { } range ? Subnets.GatewayOf(range) : null, new Dictionary<string, string>
    {
        ["com.docker.network.bridge.default_bridge"] = "true",
        ["com.docker.network.bridge.enable_icc"] = "true",
        ["com.docker.network.bridge.enable_ip_masquerade"] = "true",
        ["com.docker.network.bridge.host_binding_ipv4"] = "0.0.0.0",
        ["com.docker.network.bridge.name"] = options.BridgeName,
        ["com.docker.network.driver.mtu"] = "1500",
    });

    /// <inheritdoc/>
    public async Task<NetworkAttachment> JoinAsync(NetworkJoin join, CancellationToken cancellationToken)
    {
        await SetUpAsync(cancellationToken);
        IReadOnlyList<PublishedPort> published = ports.Take(join.ContainerId, join.Ports);
        lock (gate)
            joined.Add(join.ContainerId);
        try
        {
            string namespacePath = $"/proc/{join.Pid}/ns/net";
            JsonObject result = await new CniPlugin(pluginDirectory, "bridge")
                .AddAsync(join.ContainerId, namespacePath, BridgeConfig(), cancellationToken);
            NetworkEndpoint endpoint = CniResult.EndpointOf(result, Id);
            if (published.Count > 0)
            {
                await new CniPlugin(pluginDirectory, "portmap")
                    .AddAsync(join.ContainerId, namespacePath, PortMapConfig(published, result), cancellationToken);
            }

            return new NetworkAttachment(endpoint, BindingsOf(join.Ports, published));
        }
        catch
        {
            await LeaveAsync(join.ContainerId, CancellationToken.None);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task LeaveAsync(string containerId, CancellationToken cancellationToken)
    {
        // Without a namespace the bridge plugin only gives the address back: the interface went with the namespace.
        await new CniPlugin(pluginDirectory, "bridge").DeleteAsync(containerId, BridgeConfig(), cancellationToken);
        if (ports.MayHold(containerId))
            await new CniPlugin(pluginDirectory, "portmap").DeleteAsync(containerId, PortMapConfig([AnyPort], previous: null), cancellationToken);
        ports.Release(containerId);
        lock (gate)
        {
            joined.Remove(containerId);
            hasLeft = true;
        }
    }

    /// <inheritdoc/>
    public async Task ResumeAsync(string containerId, NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        subnet ??= CniResult.SubnetOf(attachment.Endpoint);
        await SetUpAsync(cancellationToken);
        ports.Take(containerId, attachment.Ports);
        lock (gate)
            joined.Add(containerId);
    }

    /// <summary>
    /// Gives ports back and, when no container is on the bridge, removes it with its rules. With containers on it, all
    /// stays as it is, for they go on without the daemon.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        bool used;
        lock (gate)
            used = joined.Count > 0;
        ports.Dispose();
        if (!used && (ready || await IsAbandonedAsync()))
        {
            await HostLink.RemoveAsync(options.BridgeName, CancellationToken.None);
            await firewall.RemoveAsync(CancellationToken.None);
        }

        setUpTurn.Dispose();
    }

    // One that an earlier engine made, and on which nothing is any more. Those that have just left are on it until the kernel is done with their namespaces;
    // for others, which this engine may not have come to know, nobody waits.
    async Task<bool> IsAbandonedAsync()
    {
        long begun = options.Time.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20), options.Time);
        while (HostLink.IsBridge(options.BridgeName))
        {
            if (!HostLink.HasPorts(options.BridgeName))
                return true;
            if (!hasLeft || options.Time.GetElapsedTime(begun) > s_namespaceEnd)
                return false;
            await tick.WaitForNextTickAsync();
        }

        return false;
    }

    async Task SetUpAsync(CancellationToken cancellationToken)
    {
        if (ready)
            return;
        await setUpTurn.WaitAsync(cancellationToken);
        try
        {
            if (ready)
                return;
            subnet ??= HostLink.SubnetOf(options.BridgeName) ?? Subnets.Choose(Subnets.OfHost())
                ?? throw StrakeException.Exhausted($"network bridge: every address range that could be used is taken on this host; choose one with --bip");
            await firewall.AllowAsync(subnet.Value, cancellationToken);
            ready = true;
        }
        finally
        {
            setUpTurn.Release();
        }
    }

    JsonObject BridgeConfig() => new()
    {
        ["cniVersion"] = CniVersion,
        ["name"] = options.BridgeName,
        ["type"] = "bridge",
        ["bridge"] = options.BridgeName,
        ["isGateway"] = true,
        ["hairpinMode"] = true,
        ["ipam"] = new JsonObject
        {
            ["type"] = "host-local",
            ["dataDir"] = options.StateDirectory,
            ["ranges"] = new JsonArray(new JsonArray(new JsonObject { ["subnet"] = (subnet ?? default).ToString() })),
            ["routes"] = new JsonArray(new JsonObject { ["dst"] = "0.0.0.0/0" }),
        },
    };

    JsonObject PortMapConfig(IReadOnlyList<PublishedPort> published, JsonObject? previous)
    {
        var config = new JsonObject
        {
            ["cniVersion"] = CniVersion,
            ["name"] = options.BridgeName,
            ["type"] = "portmap",
            ["snat"] = true,
            ["capabilities"] = new JsonObject { ["portMappings"] = true },
            ["runtimeConfig"] = new JsonObject
            {
                ["portMappings"] = new JsonArray([.. published.Select(port => (JsonNode)new JsonObject
                {
                    ["hostPort"] = port.HostPort,
                    ["containerPort"] = port.ContainerPort,
                    ["protocol"] = port.Protocol,
                    ["hostIP"] = port.HostAddress.ToString(),
                })]),
            },
        };
        if (previous is not null)
            config["prevResult"] = previous.DeepClone();
        return config;
    }

    static Dictionary<string, IReadOnlyList<PortBinding>?> BindingsOf(
        IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> asked, IReadOnlyList<PublishedPort> published)
    {
        var bindings = asked.ToDictionary(port => port.Key, _ => (IReadOnlyList<PortBinding>?)null, StringComparer.Ordinal);
        foreach (IGrouping<string, PublishedPort> port in published.GroupBy(port => $"{port.ContainerPort}/{port.Protocol}"))
        {
            bindings[port.Key] = [.. port.Select(one => new PortBinding(
                one.HostAddress.ToString(), one.HostPort.ToString(System.Globalization.CultureInfo.InvariantCulture)))];
        }

        return bindings;
    }
}
