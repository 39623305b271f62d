namespace Strake.Containers.Engine;

/// <summary>Which ports of a container are to be published.</summary>
static class PublishedPorts
{
    static readonly PortBinding[] AnyFree = [new("", "")];

    /// <summary>The bindings asked for; with <c>-P</c> also a free port of the host for each port exposed. Pure.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> Of(Container container)
    {
        Dictionary<string, IReadOnlyList<PortBinding>?> ports = [];
        foreach (string exposed in container.Config.ExposedPorts?.Keys ?? [])
            ports[Full(exposed)] = container.Host.PublishAllPorts ? AnyFree : null;
        foreach ((string port, IReadOnlyList<PortBinding>? bindings) in container.Host.PortBindings ?? new Dictionary<string, IReadOnlyList<PortBinding>?>())
            ports[Full(port)] = bindings is { Count: > 0 } ? bindings : AnyFree;
        return ports;
    }

    static string Full(string port) => port.Contains('/', StringComparison.Ordinal) ? port : port + "/tcp";
}
