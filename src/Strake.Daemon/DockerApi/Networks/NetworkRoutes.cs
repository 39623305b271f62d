using System.Globalization;
using Strake.Containers;
using Strake.Containers.Networks;
using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>The predefined networks: <c>/networks</c>. Others cannot be made yet.</summary>
/// <param name="networks">The networks.</param>
/// <param name="containers">Who is on them.</param>
/// <param name="started">When the daemon, and with it the networks, came up.</param>
sealed class NetworkRoutes(ContainerNetworks networks, ContainerEngine containers, DateTimeOffset started)
{
    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("GET", "/networks", ListAsync, "filters"),
        new("POST", "/networks/create", _ => throw StrakeException.NotSupported("networks of one's own are not supported yet: use bridge, host or none")),
        new("POST", "/networks/prune", PruneAsync, "filters"),
        new("GET", "/networks/{id}", InspectAsync, "verbose", "scope"),
        new("POST", "/networks/{id}/connect", RefuseChangeAsync),
        new("POST", "/networks/{id}/disconnect", RefuseChangeAsync),
        new("DELETE", "/networks/{id}", RemoveAsync),
    ];

    async Task ListAsync(Exchange exchange)
    {
        Filters filters = Filters.Read(exchange.Query, "dangling", "driver", "id", "label", "label!", "name", "scope", "type");
        IReadOnlyList<Container> all = await containers.ListAsync(exchange.Aborted);
        IReadOnlyList<NetworkBody> found =
            [.. networks.All.Select(network => network.Describe()).Where(network => Passes(network, filters)).Select(network => Encode(network, all, detailed: false))];
        await exchange.WriteJsonAsync(found, DockerJson.Plain.IReadOnlyListNetworkBody);
    }

    static bool Passes(NetworkDescription network, Filters filters) =>
        filters.Equal("driver", network.Driver)
        && filters.Matches("id", network.Id)
        && filters.Matches("name", network.Name)
        && filters.Equal("scope", "local")
        && filters.Equal("type", "builtin")
        // What is predefined is never dangling, and has no labels.
        && filters.YesOrNo("dangling") != true
        && filters.AllowLabels(null);

    async Task InspectAsync(Exchange exchange)
    {
        NetworkDescription network = Find(exchange.Route["id"]);
        await exchange.WriteJsonAsync(Encode(network, await containers.ListAsync(exchange.Aborted), detailed: true), DockerJson.Plain.NetworkBody);
    }

    static Task PruneAsync(Exchange exchange)
    {
        _ = Filters.Read(exchange.Query, "label", "label!", "until");
        return exchange.WriteJsonAsync(new NetworkPruneBody(null), DockerJson.Plain.NetworkPruneBody);
    }

    Task RefuseChangeAsync(Exchange exchange)
    {
        _ = Find(exchange.Route["id"]);
        throw StrakeException.NotSupported("a container's networks cannot be changed yet: choose them when it is created");
    }

    Task RemoveAsync(Exchange exchange)
    {
        NetworkDescription network = Find(exchange.Route["id"]);
        throw StrakeException.PermissionDenied($"{network.Name} is a pre-defined network and cannot be removed");
    }

    NetworkDescription Find(string reference) =>
        networks.Find(reference)?.Describe() ?? throw StrakeException.NotFound($"network {reference} not found");

    // Docker tells the containers of one network, and not in the list.
    NetworkBody Encode(NetworkDescription network, IReadOnlyList<Container> all, bool detailed) => new()
    {
        Name = network.Name,
        Id = network.Id,
        Created = DockerTime.Format(started),
        Driver = network.Driver,
        IPAM = new("default", null, network.Subnet is { } range ? [new(range.ToString(), network.Gateway?.ToString() ?? "")] : null),
        Containers = detailed ? ContainersOn(network, all) : new Dictionary<string, NetworkContainerBody>(),
        Options = network.Options,
    };

    static Dictionary<string, NetworkContainerBody> ContainersOn(NetworkDescription network, IReadOnlyList<Container> all)
    {
        var found = new Dictionary<string, NetworkContainerBody>(StringComparer.Ordinal);
        foreach (Container container in all)
        {
            if (!container.State.IsRunning || container.Network.Endpoints.GetValueOrDefault(network.Name) is not { } endpoint) continue;
            found.Add(container.Id, new(
                container.Name,
                endpoint.EndpointId,
                endpoint.MacAddress,
                WithPrefix(endpoint.IPAddress, endpoint.IPPrefixLen),
                WithPrefix(endpoint.GlobalIPv6Address, endpoint.GlobalIPv6PrefixLen)));
        }

        return found;
    }

    static string WithPrefix(string address, int prefix) =>
        address.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{address}/{prefix}");
}
