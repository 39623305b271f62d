namespace Strake.Kubernetes.Pods;

/// <summary>How a command in a container ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">The beginning of what it wrote, for messages.</param>
public sealed record CommandOutcome(int ExitCode, string Output);
