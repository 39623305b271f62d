using System.Text.Json.Serialization;
using Strake.Containers;

namespace Strake.Daemon.DockerApi;

/// <summary>The body of <c>POST /containers/create</c>: a config with two members more.</summary>
sealed record ContainerCreateBody : ContainerConfig
{
    public HostSettings? HostConfig { get; init; }

    public NetworkSettings? NetworkingConfig { get; init; }
}

/// <summary>The answer to <c>POST /containers/create</c>.</summary>
sealed record ContainerCreatedBody(string Id, IReadOnlyList<string> Warnings);

/// <summary>An object's id.</summary>
sealed record IdBody(string Id);

/// <summary>A row of <c>GET /containers/json</c>.</summary>
sealed record ContainerSummaryBody
{
    public required string Id { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    public required string Image { get; init; }

    public required string ImageID { get; init; }

    public required string Command { get; init; }

    public long Created { get; init; }

    public required IReadOnlyList<PortBody> Ports { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRw { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRootFs { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required string State { get; init; }

    public required string Status { get; init; }

    public required SummaryHostConfigBody HostConfig { get; init; }

    public required SummaryNetworksBody NetworkSettings { get; init; }

    public required IReadOnlyList<MountPointBody> Mounts { get; init; }
}

/// <summary>What a row tells of the host config.</summary>
sealed record SummaryHostConfigBody(string NetworkMode);

/// <summary>What a row tells of the networks.</summary>
sealed record SummaryNetworksBody(IReadOnlyDictionary<string, EndpointBody> Networks);

/// <summary>A port in a row.</summary>
sealed record PortBody
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IP { get; init; }

    public int PrivatePort { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PublicPort { get; init; }

    public required string Type { get; init; }
}

/// <summary>A mount of a container.</summary>
sealed record MountPointBody
{
    public required string Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    public required string Source { get; init; }

    public required string Destination { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Driver { get; init; }

    public required string Mode { get; init; }

    public bool RW { get; init; }

    public required string Propagation { get; init; }
}

/// <summary>A container's place on a network.</summary>
sealed record EndpointBody
{
    public EndpointAddresses? IPAMConfig { get; init; }

    public IReadOnlyList<string>? Links { get; init; }

    public IReadOnlyList<string>? Aliases { get; init; }

    public string MacAddress { get; init; } = "";

    public IReadOnlyDictionary<string, string>? DriverOpts { get; init; }

    public int GwPriority { get; init; }

    public string NetworkID { get; init; } = "";

    public string EndpointID { get; init; } = "";

    public string Gateway { get; init; } = "";

    public string IPAddress { get; init; } = "";

    public int IPPrefixLen { get; init; }

    public string IPv6Gateway { get; init; } = "";

    public string GlobalIPv6Address { get; init; } = "";

    public int GlobalIPv6PrefixLen { get; init; }

    public IReadOnlyList<string>? DNSNames { get; init; }
}

/// <summary>The answer to <c>GET /containers/{id}/json</c>.</summary>
sealed record ContainerBody
{
    public required string Id { get; init; }

    public required string Created { get; init; }

    public required string Path { get; init; }

    public required IReadOnlyList<string> Args { get; init; }

    public required ContainerStateBody State { get; init; }

    public required string Image { get; init; }

    public required string ResolvConfPath { get; init; }

    public required string HostnamePath { get; init; }

    public required string HostsPath { get; init; }

    public required string LogPath { get; init; }

    public required string Name { get; init; }

    public int RestartCount { get; init; }

    public required string Driver { get; init; }

    public string Platform { get; init; } = "linux";

    public string MountLabel { get; init; } = "";

    public string ProcessLabel { get; init; } = "";

    public string AppArmorProfile { get; init; } = "";

    public IReadOnlyList<string>? ExecIDs { get; init; }

    public required HostSettings HostConfig { get; init; }

    public required GraphDriverBody GraphDriver { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRw { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRootFs { get; init; }

    public required IReadOnlyList<MountPointBody> Mounts { get; init; }

    public required ContainerConfig Config { get; init; }

    public required NetworkSettingsBody NetworkSettings { get; init; }
}

/// <summary>What a container does now.</summary>
sealed record ContainerStateBody
{
    public required string Status { get; init; }

    public bool Running { get; init; }

    public bool Paused { get; init; }

    public bool Restarting { get; init; }

    public bool OOMKilled { get; init; }

    public bool Dead { get; init; }

    public int Pid { get; init; }

    public int ExitCode { get; init; }

    public required string Error { get; init; }

    public required string StartedAt { get; init; }

    public required string FinishedAt { get; init; }
}

/// <summary>A container's networks.</summary>
sealed record NetworkSettingsBody
{
    public string Bridge { get; init; } = "";

    public string SandboxID { get; init; } = "";

    public string SandboxKey { get; init; } = "";

    public required IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> Ports { get; init; }

    public bool HairpinMode { get; init; }

    public string LinkLocalIPv6Address { get; init; } = "";

    public int LinkLocalIPv6PrefixLen { get; init; }

    public IReadOnlyList<string>? SecondaryIPAddresses { get; init; }

    public IReadOnlyList<string>? SecondaryIPv6Addresses { get; init; }

    public string EndpointID { get; init; } = "";

    public string Gateway { get; init; } = "";

    public string GlobalIPv6Address { get; init; } = "";

    public int GlobalIPv6PrefixLen { get; init; }

    public string IPAddress { get; init; } = "";

    public int IPPrefixLen { get; init; }

    public string IPv6Gateway { get; init; } = "";

    public string MacAddress { get; init; } = "";

    public required IReadOnlyDictionary<string, EndpointBody> Networks { get; init; }
}

/// <summary>The answer to <c>POST /containers/{id}/wait</c>.</summary>
sealed record WaitBody
{
    public int StatusCode { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorTextBody? Error { get; init; }
}

/// <summary>A reason in words.</summary>
sealed record ErrorTextBody(string Message);

/// <summary>A change of a container's file system.</summary>
sealed record ChangeBody(string Path, int Kind);

/// <summary>The answer to <c>GET /containers/{id}/top</c>.</summary>
sealed record TopBody(IReadOnlyList<IReadOnlyList<string>> Processes, IReadOnlyList<string> Titles);

/// <summary>The answer to <c>POST /containers/prune</c>.</summary>
sealed record ContainerPruneBody(IReadOnlyList<string>? ContainersDeleted, long SpaceReclaimed);

/// <summary>What a path in a container is; travels in a header, base 64.</summary>
sealed record PathStatBody(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("mode")] uint Mode,
    [property: JsonPropertyName("mtime")] string Mtime,
    [property: JsonPropertyName("linkTarget")] string LinkTarget);

/// <summary>The answer to <c>GET /exec/{id}/json</c>.</summary>
sealed record ExecBody
{
    public required string ID { get; init; }

    public bool Running { get; init; }

    public int? ExitCode { get; init; }

    public required ExecProcessBody ProcessConfig { get; init; }

    public bool OpenStdin { get; init; }

    public bool OpenStderr { get; init; }

    public bool OpenStdout { get; init; }

    public bool CanRemove { get; init; }

    public required string ContainerID { get; init; }

    public string DetachKeys { get; init; } = "";

    public int Pid { get; init; }
}

/// <summary>An exec's process.</summary>
sealed record ExecProcessBody
{
    [JsonPropertyName("tty")]
    public bool Tty { get; init; }

    [JsonPropertyName("entrypoint")]
    public required string Entrypoint { get; init; }

    [JsonPropertyName("arguments")]
    public required IReadOnlyList<string> Arguments { get; init; }

    [JsonPropertyName("privileged")]
    public bool Privileged { get; init; }

    [JsonPropertyName("user")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }
}
