using Strake.Volumes.Records;

namespace Strake.Volumes.Tests.Csi;

/// <summary>A store with a CSI driver; store and driver can be ended and begun again apart from each other.</summary>
public sealed class CsiFixture : IAsyncDisposable
{
    public const string Driver = "fake.csi.example";

    readonly string folder = Directory.CreateTempSubdirectory("strake-test-csi-").FullName;
    readonly List<CsiDrivers> drivers = [];
    PluginDrivers? plugins;

    public CsiFixture() => Storage = new FakeCsiStorage(Path.Combine(folder, "storage"));

    public MemoryStateStore State { get; } = new();

    public FakeCsiStorage Storage { get; }

    public string Socket => Path.Combine(folder, "csi.sock");

    public string Registry => Path.Combine(folder, "plugins_registry");

    /// <summary>Where volumes are on this node.</summary>
    public string Root => Path.Combine(folder, "csi");

    public List<string> News { get; } = [];

    /// <summary>The drivers of the store that was opened last.</summary>
    public CsiDrivers Drivers => drivers[^1];

    public Task<FakeCsiDriver> StartAsync() => new FakeCsiDriver(Socket, Storage).StartAsync();

    public string File(string name, string content)
    {
        string path = Path.Combine(folder, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Opens a store as a new run of the engine does; who ran before is ended.</summary>
    public async Task<VolumeStore> OpenAsync(IStateStore? state = null, bool isConfigured = true, bool settles = true)
    {
        foreach (CsiDrivers before in drivers)
            await before.DisposeAsync();
        drivers.Clear();
        state ??= State;
        var options = new CsiDriversOptions(new CsiJournal(state), Root, TimeProvider.System)
        {
            Sockets = isConfigured ? [Socket] : [],
            Registry = Registry,
            OnNews = news =>
            {
                lock (News)
                    News.Add(news);
            },
        };
        drivers.Add(await CsiDrivers.OpenAsync(options, TestContext.Current.CancellationToken));
        // As in the engine: a driver of a name that nobody knows may be a plugin.
        plugins = new PluginDrivers([], new MountJournal(state), TimeProvider.System);
        VolumeStore volumes = await VolumeStore.OpenAsync(
            new VolumeStoreOptions(state, [new LocalDriver(Path.Combine(folder, "local"))], TimeProvider.System, Plugins: plugins, Csi: Drivers), TestContext.Current.CancellationToken);
        if (settles)
            await volumes.SettleSharedAsync(TestContext.Current.CancellationToken);
        return volumes;
    }

    /// <summary>Waits until something is so.</summary>
    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        long begun = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(20), $"not in time: {what}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (CsiDrivers before in drivers)
            await before.DisposeAsync();
        plugins?.Dispose();
        Storage.Dispose();
        await State.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
