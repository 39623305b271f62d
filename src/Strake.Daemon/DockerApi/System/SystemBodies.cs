using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>The answer to <c>GET /version</c>.</summary>
sealed record VersionBody
{
    public required NameBody Platform { get; init; }

    public required IReadOnlyList<ComponentBody> Components { get; init; }

    public required string Version { get; init; }

    public required string ApiVersion { get; init; }

    public required string MinAPIVersion { get; init; }

    public required string GitCommit { get; init; }

    // What it is built with; clients show it as they show Go's version.
    public required string GoVersion { get; init; }

    public required string Os { get; init; }

    public required string Arch { get; init; }

    public required string KernelVersion { get; init; }

    public required string BuildTime { get; init; }
}

/// <summary>A name.</summary>
sealed record NameBody(string Name);

/// <summary>A part of the engine with its version.</summary>
sealed record ComponentBody(string Name, string Version, IReadOnlyDictionary<string, string> Details);

/// <summary>The answer to <c>GET /info</c>.</summary>
sealed record InfoBody
{
    public required string ID { get; init; }

    public int Containers { get; init; }

    public int ContainersRunning { get; init; }

    public int ContainersPaused { get; init; }

    public int ContainersStopped { get; init; }

    public int Images { get; init; }

    public required string Driver { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> DriverStatus { get; init; }

    public required InfoPluginsBody Plugins { get; init; }

    public bool MemoryLimit { get; init; }

    public bool SwapLimit { get; init; }

    public bool CpuCfsPeriod { get; init; }

    public bool CpuCfsQuota { get; init; }

    public bool CPUShares { get; init; }

    public bool CPUSet { get; init; }

    public bool PidsLimit { get; init; }

    public bool IPv4Forwarding { get; init; }

    public bool Debug { get; init; }

    public int NFd { get; init; }

    public bool OomKillDisable { get; init; }

    public int NGoroutines { get; init; }

    public required string SystemTime { get; init; }

    public string LoggingDriver { get; init; } = "json-file";

    public string CgroupDriver { get; init; } = "cgroupfs";

    public required string CgroupVersion { get; init; }

    public int NEventsListener { get; init; }

    public required string KernelVersion { get; init; }

    public required string OperatingSystem { get; init; }

    public required string OSVersion { get; init; }

    public string OSType { get; init; } = "linux";

    public required string Architecture { get; init; }

    public string IndexServerAddress { get; init; } = "https://index.docker.io/v1/";

    public RegistryConfigBody RegistryConfig { get; init; } = new();

    public int NCPU { get; init; }

    public long MemTotal { get; init; }

    public IReadOnlyList<string>? GenericResources { get; init; }

    public required string DockerRootDir { get; init; }

    public string HttpProxy { get; init; } = "";

    public string HttpsProxy { get; init; } = "";

    public string NoProxy { get; init; } = "";

    public required string Name { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public bool ExperimentalBuild { get; init; }

    public required string ServerVersion { get; init; }

    public required IReadOnlyDictionary<string, RuntimeBody> Runtimes { get; init; }

    public required string DefaultRuntime { get; init; }

    public SwarmBody Swarm { get; init; } = new();

    public bool LiveRestoreEnabled { get; init; } = true;

    public string Isolation { get; init; } = "";

    public string InitBinary { get; init; } = "";

    public required CommitBody ContainerdCommit { get; init; }

    public required CommitBody RuncCommit { get; init; }

    public required CommitBody InitCommit { get; init; }

    public required IReadOnlyList<string> SecurityOptions { get; init; }

    public IReadOnlyList<string> CDISpecDirs { get; init; } = [];

    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>What can be plugged in.</summary>
sealed record InfoPluginsBody(IReadOnlyList<string> Volume, IReadOnlyList<string> Network, IReadOnlyList<string>? Authorization, IReadOnlyList<string> Log);

/// <summary>The registries; none yet.</summary>
sealed record RegistryConfigBody
{
    public IReadOnlyDictionary<string, string> IndexConfigs { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> InsecureRegistryCIDRs { get; init; } = [];

    public IReadOnlyList<string>? Mirrors { get; init; }
}

/// <summary>An OCI runtime.</summary>
sealed record RuntimeBody([property: JsonPropertyName("path")] string Path);

/// <summary>The swarm that there is not.</summary>
sealed record SwarmBody
{
    public string NodeID { get; init; } = "";

    public string NodeAddr { get; init; } = "";

    public string LocalNodeState { get; init; } = "inactive";

    public bool ControlAvailable { get; init; }

    public string Error { get; init; } = "";

    public IReadOnlyList<string>? RemoteManagers { get; init; }
}

/// <summary>The version of a part.</summary>
sealed record CommitBody(string ID);

/// <summary>The answer to <c>GET /system/df</c>.</summary>
sealed record DiskUsageBody
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LayersSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ImageSummaryBody>? Images { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ContainerSummaryBody>? Containers { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<VolumeBody>? Volumes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? BuildCache { get; init; }
}
