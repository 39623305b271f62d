namespace Strake.Kubernetes.Pods;

/// <summary>What an image says that a pod's containers are made by.</summary>
/// <param name="Id">Its identity: <c>sha256:</c> and 64 digits.</param>
/// <param name="User">The user that its config names; empty: root.</param>
public sealed record PodImage(string Id, string User);
