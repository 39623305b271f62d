using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>A pod, as what belongs to it says whose it is.</summary>
/// <param name="Uid">Its identity: another pod of its name is another.</param>
/// <param name="Key">Its namespace and name.</param>
public sealed record PodName(string Uid, ObjectKey Key);
