using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Nodes;

/// <summary>What the machine is, as its Node tells it.</summary>
/// <param name="Name">The host's name, in lower case: the node's name.</param>
/// <param name="Processors">How many processors there are.</param>
/// <param name="MemoryBytes">Bytes of memory.</param>
/// <param name="StorageBytes">Bytes of the file system that holds pods.</param>
public sealed record NodeFacts(string Name, int Processors, long MemoryBytes, long StorageBytes)
{
    /// <summary>How many pods it takes.</summary>
    public int MaxPods { get; init; } = 110;

    /// <summary>The address at which others on the machine's network reach it; empty when none is known.</summary>
    public string Address { get; init; } = "";

    /// <summary>The distribution, as it calls itself.</summary>
    public string OperatingSystem { get; init; } = "Linux";

    /// <summary>The kernel's release.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>The processor's architecture, as Go calls it.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>The machine's id (machine-id(5)).</summary>
    public string MachineId { get; init; } = "";

    /// <summary>The id of this boot.</summary>
    public string BootId { get; init; } = "";

    /// <summary>The version of this program.</summary>
    public string Version { get; init; } = "";

    /// <summary>The CSI drivers of the node, ours among them, with what each calls the node.</summary>
    public TextMap CsiDrivers { get; init; } = TextMap.Empty;
}
