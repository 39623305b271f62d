using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Strake.Build;
using Strake.Containers;
using Strake.Containers.Networks;
using Strake.Containers.Plugins;
using Strake.Daemon.Server;
using Strake.Images;
using Strake.Volumes;

namespace Strake.Daemon.DockerApi;

/// <summary>The Docker Engine API: all of its routes over the engine's parts.</summary>
sealed record DockerRoutes
{
    /// <summary>The images.</summary>
    public required ImageStore Images { get; init; }

    /// <summary>The way to registries.</summary>
    public required RegistryClient Registries { get; init; }

    /// <summary>The volumes.</summary>
    public required VolumeStore Volumes { get; init; }

    /// <summary>The volume drivers that are programs of others.</summary>
    public required PluginDrivers Plugins { get; init; }

    /// <summary>The drivers of the Container Storage Interface.</summary>
    public required CsiDrivers Csi { get; init; }

    /// <summary>The plugins that the engine runs itself.</summary>
    public required PluginStore Managed { get; init; }

    /// <summary>The containers.</summary>
    public required ContainerEngine Containers { get; init; }

    /// <summary>The builder.</summary>
    public required Builder Builder { get; init; }

    /// <summary>The networks.</summary>
    public required ContainerNetworks Networks { get; init; }

    /// <summary>The events.</summary>
    public required EventJournal Journal { get; init; }

    /// <summary>What the daemon tells of itself.</summary>
    public required DaemonDescription Daemon { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Receives what an answer has no place for.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>All routes; of those that a path fits, the first listed answers.</summary>
    public IEnumerable<Route> All => Make(new ContainerEncoding(Networks));

    IEnumerable<Route> Make(ContainerEncoding encoding) =>
    [
        .. new SystemRoutes(Images, Containers, Plugins, Csi, Journal, Daemon, Time).All,
        .. new EventRoutes(Journal, Time).All,
        .. new DiskUsageRoutes(Images, Containers, Volumes, Builder, encoding, Time).All,
        .. new ImageArchiveRoutes(Images, new ImageTransferRoutes(Images, Registries, Time)).All,
        .. new ImageTransferRoutes(Images, Registries, Time).All,
        .. new ImageRoutes(Images, Containers, Daemon.Driver, Time, Log).All,
        .. new BuildRoutes(Builder, Time).All,
        .. new ContainerRoutes(Containers, new ContainerListing(Containers, Images, encoding), encoding, Time).All,
        .. new ContainerLifeRoutes(Containers).All,
        .. new ContainerStreamRoutes(Containers, Time).All,
        .. new ArchiveRoutes(Containers).All,
        .. new ExecRoutes(Containers, Time).All,
        .. new VolumeRoutes(Volumes, Log).All,
        .. new PluginRoutes(Managed).All,
        .. new NetworkRoutes(Networks, Containers, Time.GetUtcNow()).All,
        .. RefusedRoutes.All,
    ];
}
