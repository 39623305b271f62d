using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>Which volume is looked for.</summary>
/// <param name="Claim">For which claim.</param>
public sealed record VolumeSearch(Claim Claim)
{
    /// <summary>The node that must be able to use it; null when none is known yet.</summary>
    public NodeView? Node { get; init; }

    /// <summary>Whether only volumes reserved for the claim count: the binding of others waits for a consumer.</summary>
    public bool ReservedOnly { get; init; }

    /// <summary>Volumes that are spoken for in the same round.</summary>
    public IReadOnlySet<string> Taken { get; init; } = new HashSet<string>();
}
