using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Controllers.Nodes;

namespace Strake.Kubernetes.Pods;

/// <summary>What the node's agent works with.</summary>
public sealed record PodAgentOptions
{
    /// <summary>The objects.</summary>
    public required IObjectStore Store { get; init; }

    /// <summary>Who runs containers.</summary>
    public required IPodRuntime Runtime { get; init; }

    /// <summary>Who mounts the volumes of claims.</summary>
    public required IClaimMounts Claims { get; init; }

    /// <summary>Who has CSI drivers make volumes for a pod alone.</summary>
    public required IInlineVolumes Inline { get; init; }

    /// <summary>Who makes the tokens that pods show the API server.</summary>
    public required ITokenIssuer Tokens { get; init; }

    /// <summary>Where pods reach the API server.</summary>
    public required ServerPlace Server { get; init; }

    /// <summary>Who tells users.</summary>
    public required IEventRecorder Events { get; init; }

    /// <summary>Where pods have their files.</summary>
    public required PodFolders Folders { get; init; }

    /// <summary>Reads what the node is.</summary>
    public required Func<NodeFacts> Node { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
