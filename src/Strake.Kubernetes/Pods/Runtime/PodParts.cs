namespace Strake.Kubernetes.Pods;

/// <summary>What there is of a pod at one moment.</summary>
/// <param name="Sandboxes">Its sandboxes; more than one when some are left over.</param>
/// <param name="Runs">Runs of its containers.</param>
public sealed record PodParts(IReadOnlyList<SandboxRun> Sandboxes, IReadOnlyList<ContainerRun> Runs);
