using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>Whose an in-tree source is.</summary>
/// <param name="Volume">The volume that has it; of a pod's source, nothing but a name.</param>
/// <param name="PodNamespace">The namespace of the pod that has it; null when a volume has it.</param>
sealed record InTreeOrigin(Metadata Volume, string? PodNamespace = null);
