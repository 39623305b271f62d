using Strake.Kubernetes.Pods;

namespace Strake.Daemon.KubernetesApi;

/// <summary>What pods know of the API server.</summary>
/// <param name="Authority">The certificate by which they know it, PEM.</param>
/// <param name="Tokens">Makes what they show it.</param>
/// <param name="Place">Where they reach it.</param>
sealed record ServerFront(string Authority, ITokenIssuer Tokens, ServerPlace Place);
