using System.Text.Json.Serialization;

namespace Strake.Containers.Plugins;

/// <summary>What a managed plugin says of itself and wants: its <c>config.json</c>.</summary>
/// <remarks>docs.docker.com "config": plugin config version 1. Names are read in any case, and shown as Docker's API has them.</remarks>
public sealed record PluginConfig
{
    /// <summary>What it is.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where more about it stands.</summary>
    public string Documentation { get; init; } = "";

    /// <summary>The version of Docker that packed it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DockerVersion { get; init; }

    /// <summary>How it is spoken to.</summary>
    public PluginInterface Interface { get; init; } = new();

    /// <summary>Its program.</summary>
    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    /// <summary>Where its program starts.</summary>
    public string WorkDir { get; init; } = "";

    /// <summary>Who it is; root where it says nothing.</summary>
    public PluginUser User { get; init; } = new();

    /// <summary>Its network.</summary>
    public PluginNetwork Network { get; init; } = new();

    /// <summary>Its rights.</summary>
    public PluginRights Linux { get; init; } = new();

    /// <summary>The directory in it below which its mounts are seen by the host; empty: none.</summary>
    public string PropagatedMount { get; init; } = "";

    /// <summary>Whether it shares the host's IPC namespace.</summary>
    public bool IpcHost { get; init; }

    /// <summary>Whether it sees the host's processes.</summary>
    public bool PidHost { get; init; }

    /// <summary>What of the host is mounted in it.</summary>
    public IReadOnlyList<PluginMountSetting> Mounts { get; init; } = [];

    /// <summary>Its variables.</summary>
    public IReadOnlyList<PluginVariable> Env { get; init; } = [];

    /// <summary>The arguments of its program.</summary>
    public PluginArguments Args { get; init; } = new();

    /// <summary>Its layers; written when it is packed.</summary>
    [JsonPropertyName("rootfs"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PluginRoot? Root { get; init; }
}
