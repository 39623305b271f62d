using Strake.Kubernetes.Controllers.Nodes;

namespace Strake.Kubernetes.Pods;

/// <summary>Where a pod is: what it can be told of its surroundings.</summary>
/// <param name="Address">The pod's address; empty before it has one.</param>
/// <param name="Node">The node.</param>
sealed record PodPlace(string Address, NodeFacts Node);
