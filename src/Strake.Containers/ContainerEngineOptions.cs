using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Strake.Containers.Networks;
using Strake.Images;
using Strake.Layers;
using Strake.Volumes;

namespace Strake.Containers;

/// <summary>What an engine works with.</summary>
public sealed record ContainerEngineOptions
{
    /// <summary>Where containers are kept across restarts of the machine: <c>&lt;data root&gt;/containers/&lt;id&gt;</c>.</summary>
    public required string DataRoot { get; init; }

    /// <summary>Where the state of running containers is kept; on a file system that a restart of the machine empties.</summary>
    public required string ExecRoot { get; init; }

    /// <summary>The records.</summary>
    public required IStateStore State { get; init; }

    /// <summary>The layers; stays the caller's to dispose, after the engine.</summary>
    public required LayerStore Layers { get; init; }

    /// <summary>The images.</summary>
    public required ImageStore Images { get; init; }

    /// <summary>The volumes.</summary>
    public required VolumeStore Volumes { get; init; }

    /// <summary>The networks; stays the caller's to dispose, after the engine.</summary>
    public required ContainerNetworks Networks { get; init; }

    /// <summary>Receives what went wrong in the background, and what a start found and put right.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told of everything that happens to containers, in order for each container; must not block.</summary>
    public Action<EngineEvent>? Events { get; init; }

    /// <summary>The OCI runtime, name or path; null: crun where it works, else runc.</summary>
    public string? Runtime { get; init; }

    /// <summary>conmon's path; null: found in PATH.</summary>
    public string? Conmon { get; init; }

    /// <summary>The cgroup under which those of containers stand, when a container names none.</summary>
    public string CgroupParent { get; init; } = "/strake";
}
