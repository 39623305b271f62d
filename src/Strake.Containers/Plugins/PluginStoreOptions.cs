using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Strake.Images;

namespace Strake.Containers.Plugins;

/// <summary>What a <see cref="PluginStore"/> is made of.</summary>
public sealed record PluginStoreOptions
{
    /// <summary>Where plugins are kept: <c>&lt;data root&gt;/plugins</c>.</summary>
    public required string DataRoot { get; init; }

    /// <summary>Where what runs is kept: <c>&lt;exec root&gt;/managed</c>.</summary>
    public required string ExecRoot { get; init; }

    /// <summary>The records.</summary>
    public required IStateStore State { get; init; }

    /// <summary>Opens a repository of a registry.</summary>
    public required Func<ImageReference, RegistryCredentials?, IRemoteRepository> Repositories { get; init; }

    /// <summary>Whether anything of a plugin is known, such as volumes; by its name.</summary>
    public required Func<string, Task<bool>> IsUsed { get; init; }

    /// <summary>Told of everything that happens to plugins; must not block.</summary>
    public Action<EngineEvent>? Events { get; init; }

    /// <summary>conmon's path; null: found where the system keeps programs.</summary>
    public string? Conmon { get; init; }

    /// <summary>The cgroup under which those of plugins stand.</summary>
    public string CgroupParent { get; init; } = "/strake";

    /// <summary>Receives what went wrong in the background.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
