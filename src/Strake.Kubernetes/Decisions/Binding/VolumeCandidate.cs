using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>A volume that a claim does not have, and why.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="ReasonAgainst">Why not; null when nothing speaks against it, and the claim is about to get it or a better one.</param>
public sealed record VolumeCandidate(PersistentVolume Volume, string? ReasonAgainst);
