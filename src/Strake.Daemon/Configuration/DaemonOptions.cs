using System.Collections.ObjectModel;
using Microsoft.Extensions.Logging;
using Strake.Build;
using Strake.Daemon.Server;
using Strake.Grpc;

namespace Strake.Daemon.Configuration;

/// <summary>What the user wrote, with the defaults for what was left out. dockerd's names stand in <see cref="DaemonSettings"/>.</summary>
public sealed record DaemonOptions
{
    /// <summary>The folder for everything that outlives a restart of the machine.</summary>
    public string DataRoot { get; init; } = "/var/lib/strake";

    /// <summary>The folder for sockets, the pid file and what runs.</summary>
    public string ExecRoot { get; init; } = "/run/strake";

    /// <summary>Where to listen, as given; none: <c>docker.sock</c> in <see cref="ExecRoot"/>.</summary>
    public IReadOnlyList<ListenAddress> Hosts { get; init; } = [];

    /// <summary>Where kubectl is answered, a TCP address; null: nowhere.</summary>
    public ListenAddress? KubeListen { get; init; }

    /// <summary>The storage driver's name; null: the first that works.</summary>
    public string? StorageDriver { get; init; }

    /// <summary>Options of the storage driver, <c>key=value</c>.</summary>
    public IReadOnlyList<string> StorageOptions { get; init; } = [];

    /// <summary>The most bytes that a compressed layer may expand to, whatever it came as; null: the store's own limit.</summary>
    public long? MaxLayerSizeBytes { get; init; }

    /// <summary>The most that builds may leave for later ones, bytes; 0: what the disk has.</summary>
    public long BuildCacheLimitBytes { get; init; }

    /// <summary>The most bytes that a build fetches of one address or repository.</summary>
    public long BuildFetchLimitBytes { get; init; } = new RemoteOptions().MaxBytes;

    /// <summary>Path of the pid file; null: <c>strake.pid</c> in <see cref="ExecRoot"/>.</summary>
    public string? PidFile { get; init; }

    /// <summary>The group that may use the unix sockets, by name or number; null: <c>docker</c> where it exists; empty: root alone.</summary>
    public string? Group { get; init; }

    /// <summary>The least level that is logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>The OCI runtime by name; null: the first that works.</summary>
    public string? DefaultRuntime { get; init; }

    /// <summary>Further OCI runtimes: name to path.</summary>
    public IReadOnlyDictionary<string, string> Runtimes { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Address and prefix of the default bridge; null: the engine's.</summary>
    public string? BridgeAddress { get; init; }

    /// <summary>The default bridge's name; <c>none</c>: no default bridge; null: the engine's.</summary>
    public string? Bridge { get; init; }

    /// <summary>Layers that are downloaded at once, in all pulls.</summary>
    public int MaxConcurrentDownloads { get; init; } = 6;

    /// <summary>Layers that are uploaded at once, in all pushes.</summary>
    public int MaxConcurrentUploads { get; init; } = 5;

    /// <summary>Registries that may be reached without encryption, or with a certificate that nobody vouches for.</summary>
    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];

    /// <summary>Addresses that are asked before Docker Hub.</summary>
    public IReadOnlyList<string> RegistryMirrors { get; init; } = [];

    /// <summary>Folders with a registry's <c>hosts.toml</c> and certificates, the first that knows it counting.</summary>
    public IReadOnlyList<string> RegistryHosts { get; init; } = ["/etc/strake/certs.d", "/etc/docker/certs.d"];

    /// <summary>Folders in which sockets of plugins are found; none given: <c>plugins</c> in <see cref="ExecRoot"/>, then Docker's.</summary>
    public IReadOnlyList<string> PluginSockets { get; init; } = [];

    /// <summary>Folders in which plugins are announced by a file; none given: Docker's.</summary>
    public IReadOnlyList<string> PluginSpecifications { get; init; } = [];

    /// <summary>Folder in which a <c>strake.spec</c> tells Docker of the endpoint that serves the volumes; null: nobody is told.</summary>
    public string? PluginLink { get; init; }

    /// <summary>Where orchestrators find the volumes as <c>strake.csi</c>; nowhere unless said.</summary>
    public IReadOnlyList<GrpcAddress> CsiEndpoints { get; init; } = [];

    /// <summary>This machine's name among its orchestrator's.</summary>
    public string NodeId { get; init; } = Environment.MachineName;

    /// <summary>Sockets of CSI drivers that do not register.</summary>
    public IReadOnlyList<string> CsiSockets { get; init; } = [];

    /// <summary>The folder in which CSI drivers register, as with a kubelet; null: <c>plugins_registry</c> in <see cref="ExecRoot"/>.</summary>
    public string? PluginsRegistry { get; init; }

    /// <summary>Labels of the daemon, shown by <c>docker info</c>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Where to listen.</summary>
    public IReadOnlyList<ListenAddress> ListenAddresses =>
        Hosts.Count > 0 ? Hosts : [ListenAddress.Parse("unix://" + Path.Combine(ExecRoot, "docker.sock"))];

    /// <summary>Folders of plugins' sockets.</summary>
    public IReadOnlyList<string> PluginSocketFolders =>
        PluginSockets.Count > 0 ? PluginSockets : [Path.Combine(ExecRoot, "plugins"), "/run/docker/plugins"];

    /// <summary>The socket at which other engines use the volumes.</summary>
    public string PluginEndpointPath => Path.Combine(ExecRoot, "plugins", "strake.sock");

    /// <summary>Folders of plugins' specifications.</summary>
    public IReadOnlyList<string> PluginSpecificationFolders =>
        PluginSpecifications.Count > 0 ? PluginSpecifications : ["/etc/docker/plugins", "/usr/lib/docker/plugins"];

    /// <summary>The folder in which CSI drivers register.</summary>
    public string PluginsRegistryPath => PluginsRegistry ?? Path.Combine(ExecRoot, "plugins_registry");

    /// <summary>Path of the pid file.</summary>
    public string PidPath => PidFile ?? Path.Combine(ExecRoot, "strake.pid");
}
