namespace Strake.Containers.Networks;

/// <summary>All networks of the engine, by name and by id.</summary>
public sealed class ContainerNetworks : IAsyncDisposable
{
    readonly Dictionary<string, IContainerNetwork> byName;
    readonly BridgeNetwork? bridge;

    /// <summary>The predefined networks.</summary>
    /// <param name="bridge">What the default bridge is made of; null: this engine has none, and containers are on <c>none</c> unless told otherwise.</param>
    public ContainerNetworks(BridgeOptions? bridge)
    {
        this.bridge = bridge is null ? null : new BridgeNetwork(bridge);
        IContainerNetwork[] all = [new ClosedNetwork("none", "null"), new ClosedNetwork("host", "host")];
        byName = (this.bridge is null ? all : [.. all, this.bridge]).ToDictionary(network => network.Name, StringComparer.Ordinal);
    }

    /// <summary>The network that a container is on when nobody says otherwise.</summary>
    public string Default => bridge is null ? "none" : bridge.Name;

    /// <summary>All networks, in the order of their names.</summary>
    public IReadOnlyList<IContainerNetwork> All => [.. byName.Values.OrderBy(network => network.Name, StringComparer.Ordinal)];

    /// <summary>Finds a network.</summary>
    /// <param name="reference">Its name, its id, or a prefix of its id that no other network's has.</param>
    /// <returns>The network, or null when none or several are meant.</returns>
    public IContainerNetwork? Find(string reference)
    {
        if (byName.TryGetValue(reference, out IContainerNetwork? network))
            return network;
        IContainerNetwork[] matches = reference.Length == 0
            ? []
            : [.. byName.Values.Where(one => one.Id.StartsWith(reference, StringComparison.Ordinal))];
        return matches is [var only] ? only : null;
    }

    /// <summary>Removes the bridge when no container is on it.</summary>
    public ValueTask DisposeAsync() => bridge?.DisposeAsync() ?? ValueTask.CompletedTask;
}
