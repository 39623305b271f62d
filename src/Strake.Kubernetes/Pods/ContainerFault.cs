namespace Strake.Kubernetes.Pods;

/// <summary>Why a container cannot be started as it is described.</summary>
/// <param name="reason">In one word, as a container's state has it: CreateContainerConfigError …</param>
/// <param name="message">For a person.</param>
sealed class ContainerFault(string reason, string message) : Exception(message)
{
    /// <summary>What it names cannot be had, or does not fit.</summary>
    public const string Config = "CreateContainerConfigError";

    /// <summary>In one word.</summary>
    public string Reason { get; } = reason;
}
