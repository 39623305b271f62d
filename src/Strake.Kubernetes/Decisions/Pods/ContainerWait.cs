namespace Strake.Kubernetes.Decisions.Pods;

/// <summary>Why a container is not started now, though it should be.</summary>
/// <param name="Reason">In one word: ErrImagePull, CreateContainerConfigError …</param>
/// <param name="Message">For a person.</param>
/// <param name="Until">When it is tried again; null: when something changes.</param>
public sealed record ContainerWait(string Reason, string Message, DateTimeOffset? Until);
