using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Decisions.Provisioning;

/// <summary>What a driver made.</summary>
/// <param name="Handle">Its name at the driver.</param>
/// <param name="Size">Its size; nothing when the driver does not say.</param>
public sealed record MadeStorage(string Handle, Quantity Size)
{
    /// <summary>What the driver wants to be told of it.</summary>
    public TextMap Attributes { get; init; } = TextMap.Empty;

    /// <summary>Where it can be reached: each a set of labels of nodes; empty for everywhere.</summary>
    public ValueList<TextMap> Topologies { get; init; } = [];

    /// <summary>Whether it can only be read.</summary>
    public bool ReadOnly { get; init; }
}
