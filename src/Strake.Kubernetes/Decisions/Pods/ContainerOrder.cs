using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Pods;

/// <summary>That a container is to be started.</summary>
/// <param name="Container">Which.</param>
/// <param name="Attempt">The how manieth run it will be; from 0.</param>
/// <param name="Crashes">How many runs in a row had ended before it.</param>
public sealed record ContainerOrder(PodContainer Container, int Attempt, int Crashes);
