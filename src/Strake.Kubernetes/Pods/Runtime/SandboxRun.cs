namespace Strake.Kubernetes.Pods;

/// <summary>What holds a pod's network and the other things that its containers share.</summary>
/// <param name="Id">The sandbox, as the runtime names it.</param>
/// <param name="Attempt">The how manieth it is; from 0.</param>
/// <param name="IsRunning">Whether it holds anything.</param>
/// <param name="Address">The pod's address; empty when it has none of its own.</param>
public sealed record SandboxRun(string Id, int Attempt, bool IsRunning, string Address);
