using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>What a run of a container is to be: everything looked up, nothing left to decide.</summary>
/// <param name="Pod">Whose it is.</param>
/// <param name="Container">The container's name in the pod.</param>
/// <param name="Attempt">The how manieth run it is; from 0.</param>
public sealed record ContainerLaunch(PodName Pod, string Container, int Attempt)
{
    /// <summary>The sandbox's id.</summary>
    public required string Sandbox { get; init; }

    /// <summary>The image as the pod names it.</summary>
    public required string Image { get; init; }

    /// <summary>How many runs in a row had failed or ended before it.</summary>
    public int Crashes { get; init; }

    /// <summary>The program and its first arguments; null: the image's.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>The arguments; null: the image's, where <see cref="Command"/> is null too.</summary>
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>The working directory; empty: the image's.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary><c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>What is mounted, in the pod's order.</summary>
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>Block devices: the node's path, and the container's.</summary>
    public IReadOnlyList<ContainerDevice> Devices { get; init; } = [];

    /// <summary>What it may use, and what it may do.</summary>
    public ContainerRights Rights { get; init; } = new();

    /// <summary>The file on the node that receives the last message; null: none.</summary>
    public string? MessageFile { get; init; }

    /// <summary>Where the container sees it.</summary>
    public string MessagePath { get; init; } = "/dev/termination-log";

    /// <summary>Whether standard input is open.</summary>
    public bool HasInput { get; init; }

    /// <summary>Whether it ends with the first client.</summary>
    public bool InputOnce { get; init; }

    /// <summary>Whether there is a terminal.</summary>
    public bool HasTerminal { get; init; }

    /// <summary>The pod's host name.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>Whether the pod has the node's network.</summary>
    public bool HasHostNetwork { get; init; }

    /// <summary>Whether it sees the node's processes.</summary>
    public bool HasHostProcesses { get; init; }

    /// <summary>Whether it has the node's IPC.</summary>
    public bool HasHostIpc { get; init; }

    /// <summary>Whether it sees the processes of the pod's other containers.</summary>
    public bool SharesProcesses { get; init; }
}
