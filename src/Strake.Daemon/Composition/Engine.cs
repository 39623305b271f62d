using Microsoft.Extensions.Logging;
using Strake.Build;
using Strake.Containers;
using Strake.Containers.Networks;
using Strake.Containers.Plugins;
using Strake.Daemon.Configuration;
using Strake.Daemon.Building;
using Strake.Images;
using Strake.Layers;
using Strake.State.Sqlite;
using Strake.Volumes;
using Strake.Volumes.Records;

namespace Strake.Daemon.Composition;

/// <summary>All parts of the engine, opened and recovered: the one place where they are put together.</summary>
sealed class Engine : IAsyncDisposable
{
    Engine()
    {
    }

    /// <summary>The records.</summary>
    public required SqliteStateStore State { get; init; }

    /// <summary>The storage driver, and why it is this one.</summary>
    public required StorageDriverChoice Driver { get; init; }

    /// <summary>The layers.</summary>
    public required LayerStore Layers { get; init; }

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

    /// <summary>The networks.</summary>
    public required ContainerNetworks Networks { get; init; }

    /// <summary>The builder.</summary>
    public required Builder Builder { get; init; }

    /// <summary>The containers.</summary>
    public required ContainerEngine Containers { get; init; }

    /// <summary>Opens everything; each part puts right what the last run left unfinished.</summary>
    /// <param name="options">What the user wants.</param>
    /// <param name="events">Told of everything that happens.</param>
    /// <param name="logs">Where parts log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives the opening up.</param>
    /// <exception cref="StrakeException">A part cannot be opened; nothing stays open.</exception>
    public static async Task<Engine> OpenAsync(
        DaemonOptions options, Action<EngineEvent> events, ILoggerFactory logs, TimeProvider time, CancellationToken cancellationToken)
    {
        var parts = new Stack<IAsyncDisposable>();
        Task<VolumeStore>? volumes = null;
        RegistryClient? registries = null;
        PluginDrivers? plugins = null;
        try
        {
            var state = Keep(SqliteStateStore.Open(new SqliteStateOptions(Path.Combine(options.DataRoot, "strake.db"))));
            // They need neither layers nor images.
            registries = new RegistryClient(RegistriesOf(options, time));
            PluginStoreOptions managing = PluginsOf(options, state, registries, logs) with { Events = events, Time = time };
            PluginStore managed = Keep(await PluginStore.OpenAsync(managing with { IsUsed = plugin => IsUsedAsync(volumes!, plugin) }, cancellationToken));
            plugins = new PluginDrivers([managed, PluginFoldersOf(options)], new MountJournal(state), time);
            CsiDrivers csi = Keep(await CsiDrivers.OpenAsync(CsiOf(options, state, logs, time), cancellationToken));
            volumes = OpenVolumes(new(state, [new LocalDriver(Path.Combine(options.DataRoot, "volumes"), time)], time, events, plugins, csi), cancellationToken);
            (StorageDriverChoice driver, LayerStore opened) = await OpenLayersAsync(options, state, logs, time, cancellationToken);
            LayerStore layers = Keep(opened);
            var users = new ImageUsers();
            ImageStore images = await ImageStore.OpenAsync(ImagesOf(options, state, layers, users, registries) with { Events = events, Clock = time }, cancellationToken);
            var networks = Keep(new ContainerNetworks(BridgeOf(options)));
            var containers = Keep(await ContainerEngine.OpenAsync(
                new()
                {
                    DataRoot = options.DataRoot, ExecRoot = options.ExecRoot,
                    State = state, Layers = layers, Images = images,
                    Volumes = await volumes,
                    Networks = networks,
                    Logger = logs.CreateLogger("containers"),
                    Time = time,
                    Events = events,
                    Runtime = RuntimeOf(options),
                    CgroupParent = "/" + InstanceName.Of(options.ExecRoot),
                },
                cancellationToken));
            users.Containers = containers;
            return new Engine
            {
                State = state, Driver = driver,
                Layers = layers, Images = images,
                Registries = registries, Volumes = await volumes,
                Plugins = plugins, Managed = managed, Csi = csi,
                Networks = networks, Containers = containers,
                Builder = new Builder(BuildsOf(options, state, layers, images, containers, time)),
            };
        }
        catch
        {
            if (volumes is not null) await ((Task)volumes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            registries?.Dispose();
            plugins?.Dispose();
            while (parts.TryPop(out IAsyncDisposable? part)) await part.DisposeAsync();
            throw;
        }

        T Keep<T>(T part)
            where T : IAsyncDisposable
        {
            parts.Push(part);
            return part;
        }
    }

    static ImageStoreOptions ImagesOf(DaemonOptions options, SqliteStateStore state, LayerStore layers, ImageUsers users, RegistryClient registries) => new()
    {
        Directory = Path.Combine(options.DataRoot, "image"),
        State = state,
        Layers = layers,
        Users = users,
        Repositories = registries.Open,
        Downloads = options.MaxConcurrentDownloads,
        Uploads = options.MaxConcurrentUploads,
    };

    static BuilderOptions BuildsOf(
        DaemonOptions options, SqliteStateStore state, LayerStore layers, ImageStore images, ContainerEngine containers, TimeProvider time) => new()
    {
        Images = images,
        Layers = layers,
        State = state,
        Runner = new StepRunner(containers),
        CacheLimitBytes = options.BuildCacheLimitBytes,
        Remote = new RemoteOptions { MaxBytes = options.BuildFetchLimitBytes, UserAgent = $"strake/{Product.Version}" },
        DataDirectory = Path.Combine(options.DataRoot, "build"),
        ScratchDirectory = Path.Combine(options.ExecRoot, "build"),
        Time = time,
    };

    static RegistryClientOptions RegistriesOf(DaemonOptions options, TimeProvider time) => new()
    {
        InsecureRegistries = options.InsecureRegistries,
        Mirrors = options.RegistryMirrors,
        HostFolders = options.RegistryHosts,
        UserAgent = $"strake/{Product.Version}",
        Time = time,
    };

    // Opening the store tries the driver; where that fails, and nobody asked for this one, the next is tried.
    static async Task<(StorageDriverChoice Driver, LayerStore Layers)> OpenLayersAsync(
        DaemonOptions options, SqliteStateStore state, ILoggerFactory logs, TimeProvider time, CancellationToken cancellationToken)
    {
        string? recorded = await LayerStore.FindDriverAsync(state, cancellationToken);
        IReadOnlyList<StorageDriverChoice> candidates = StorageDrivers.Candidates(options.DataRoot, options.StorageDriver, options.StorageOptions, recorded);
        var reasons = new List<string>();
        foreach (StorageDriverChoice choice in candidates)
        {
            var settings = new LayerStoreOptions
            {
                DataRoot = options.DataRoot, Driver = choice.Driver, State = state, Time = time, Logger = logs.CreateLogger("layers"),
                Expansion = ExpansionOf(options),
                SizeLimitBytes = choice.SizeLimitBytes,
            };
            try
            {
                return (choice, await LayerStore.OpenAsync(settings, cancellationToken));
            }
            catch (StrakeException e) when (e.Kind is ErrorKind.Unavailable && candidates.Count > 1)
            {
                reasons.Add(e.Message);
            }
        }

        throw StrakeException.Unavailable($"no storage driver works on {options.DataRoot}: {string.Join("; ", reasons)}");
    }

    /// <summary>Closes everything, the upper parts first. Containers go on.</summary>
    public async ValueTask DisposeAsync()
    {
        Builder.Dispose();
        await Containers.DisposeAsync();
        await Networks.DisposeAsync();
        Registries.Dispose();
        Plugins.Dispose();
        await Csi.DisposeAsync();
        await Managed.DisposeAsync();
        await Layers.DisposeAsync();
        await State.DisposeAsync();
    }

    // Who says how large a layer may be has thought of what it is made of.
    static ExpansionLimit ExpansionOf(DaemonOptions options)
    {
        ExpansionLimit limit = options.MaxLayerSizeBytes is { } bytes ? new() { MaxBytes = bytes } : ExpansionLimit.ForLayers;
        return limit with { Setting = "the daemon's setting max-layer-size" };
    }

    static Task<VolumeStore> OpenVolumes(VolumeStoreOptions volumes, CancellationToken cancellationToken) =>
        Task.Run(() => VolumeStore.OpenAsync(volumes, cancellationToken), cancellationToken);

    static PluginFolders PluginFoldersOf(DaemonOptions options) =>
        new(options.PluginSocketFolders, options.PluginSpecificationFolders, options.PluginEndpointPath);

    static CsiDriversOptions CsiOf(DaemonOptions options, SqliteStateStore state, ILoggerFactory logs, TimeProvider time)
    {
        ILogger log = logs.CreateLogger("csi");
        return new CsiDriversOptions(new CsiJournal(state), Path.Combine(options.DataRoot, "csi"), time)
        {
            Sockets = options.CsiSockets,
            Registry = options.PluginsRegistryPath,
            OnNews = news => CsiNews.Tell(log, news),
        };
    }

    static async Task<bool> IsUsedAsync(Task<VolumeStore> volumes, string plugin) =>
        (await (await volumes).ListAsync(CancellationToken.None)).Any(volume => volume.Driver == plugin);

    static PluginStoreOptions PluginsOf(DaemonOptions options, SqliteStateStore state, RegistryClient registries, ILoggerFactory logs) => new()
    {
        DataRoot = options.DataRoot,
        ExecRoot = options.ExecRoot,
        State = state,
        Repositories = registries.Open,
        IsUsed = static _ => Task.FromResult(false),
        CgroupParent = "/" + InstanceName.Of(options.ExecRoot),
        Logger = logs.CreateLogger("plugins"),
    };

    static string? RuntimeOf(DaemonOptions options) =>
        options.DefaultRuntime is { } name && options.Runtimes.TryGetValue(name, out string? path) ? path : options.DefaultRuntime;

    static BridgeOptions? BridgeOf(DaemonOptions options)
    {
        if (options.Bridge is "none") return null;
        string name = options.Bridge ?? InstanceName.Of(options.ExecRoot);
        System.Net.IPNetwork? subnet = options.BridgeAddress is { } address ? BridgeAddress.ParseSubnet(address) : null;
        return new BridgeOptions(name, Path.Combine(options.ExecRoot, "networks"), BridgeOptions.DefaultPluginDirectories, subnet);
    }
}
