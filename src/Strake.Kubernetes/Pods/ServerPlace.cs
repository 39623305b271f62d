namespace Strake.Kubernetes.Pods;

/// <summary>Where pods reach the API server.</summary>
/// <param name="Address">An address of this machine that leads to it from a pod's network; null: it listens where only the machine itself, and pods that share its network, get.</param>
/// <param name="Port">The port.</param>
public sealed record ServerPlace(string? Address, int Port)
{
    /// <summary>By what name its certificate knows it, and pods do.</summary>
    public const string Name = "kubernetes.default.svc";

    /// <summary>The address that a pod reaches it at; null: none.</summary>
    /// <param name="hasHostNetwork">Whether the pod shares the machine's network.</param>
    public string? AddressFor(bool hasHostNetwork) => hasHostNetwork ? Address ?? "127.0.0.1" : Address;
}
