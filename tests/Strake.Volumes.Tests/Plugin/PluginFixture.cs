using Strake.Volumes.Records;

namespace Strake.Volumes.Tests.Plugin;

/// <summary>A store with a folder for plugins; store and plugins can be ended and begun again apart from each other.</summary>
public sealed class PluginFixture : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-test-plugin-").FullName;
    readonly List<PluginDrivers> drivers = [];

    public MemoryStateStore State { get; } = new();

    public string Sockets => Path.Combine(folder, "sockets");

    public string Specifications => Path.Combine(folder, "specs");

    public FakePlugin Start(string name, FakePlugin? like = null) =>
        new(Path.Combine(Sockets, name + ".sock"), Path.Combine(folder, name)) { Volumes = like?.Volumes ?? new(StringComparer.Ordinal) };

    public async Task<VolumeStore> OpenAsync(IStateStore? state = null)
    {
        state ??= State;
        var plugins = new PluginDrivers([new PluginFolders([Sockets], [Specifications])], new MountJournal(state), TimeProvider.System);
        drivers.Add(plugins);
        return await VolumeStore.OpenAsync(
            new VolumeStoreOptions(state, [new LocalDriver(Path.Combine(folder, "local"))], TimeProvider.System, Plugins: plugins),
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        drivers.ForEach(static plugins => plugins.Dispose());
        await State.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
