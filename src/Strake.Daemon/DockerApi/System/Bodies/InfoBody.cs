namespace Strake.Daemon.DockerApi;

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

    public required RegistryConfigBody RegistryConfig { get; init; }

    public int NCPU { get; init; }

    public long MemTotal { get; init; }

    public IReadOnlyList<string>? GenericResources { get; init; }

    public required string DockerRootDir { get; init; }

    public string HttpProxy { get; init; } = "";

    public string HttpsProxy { get; init; } = "";

    public string NoProxy { get; init; } = "";

    public required string Name { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public bool ExperimentalBuild { get; init; } = true;

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
