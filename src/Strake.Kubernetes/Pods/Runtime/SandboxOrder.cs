using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>What a pod's sandbox is to be.</summary>
/// <param name="Pod">Whose it is.</param>
/// <param name="Attempt">The how manieth it is; from 0.</param>
public sealed record SandboxOrder(PodName Pod, int Attempt)
{
    /// <summary>The pod's host name.</summary>
    public required string Hostname { get; init; }

    /// <summary>The pod's labels.</summary>
    public TextMap Labels { get; init; } = TextMap.Empty;

    /// <summary>Whether the pod has the node's network.</summary>
    public bool HasHostNetwork { get; init; }

    /// <summary>Whether the pod has the node's IPC.</summary>
    public bool HasHostIpc { get; init; }

    /// <summary>Whether its containers see each other's processes.</summary>
    public bool SharesProcesses { get; init; }

    /// <summary>Ports of the node that lead to the pod.</summary>
    public IReadOnlyList<PodPort> Ports { get; init; } = [];

    /// <summary>Further lines of /etc/hosts: a name, and its address.</summary>
    public IReadOnlyList<(string Name, string Address)> Hosts { get; init; } = [];

    /// <summary>Name servers; none: the node's.</summary>
    public ValueList<string> NameServers { get; init; } = [];

    /// <summary>Domains in which names are looked up.</summary>
    public ValueList<string> SearchDomains { get; init; } = [];

    /// <summary>Options of the resolver.</summary>
    public ValueList<string> ResolverOptions { get; init; } = [];

    /// <summary>Kernel parameters of what the sandbox holds.</summary>
    public TextMap Sysctls { get; init; } = TextMap.Empty;
}
