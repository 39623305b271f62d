namespace Strake.Volumes.Tests;

/// <summary>A folder for volumes with their records, removed afterwards; the store can be opened on it again, as after a restart.</summary>
public sealed class VolumeFixture : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-test-volumes-").FullName;

    public MemoryStateStore State { get; } = new();

    public List<EngineEvent> Events { get; } = [];

    public string Root => Path.Combine(folder, "volumes");

    public string this[string name] => Path.Combine(Root, name, "_data");

    public Task<VolumeStore> OpenAsync(IStateStore? state = null, TimeProvider? time = null) => VolumeStore.OpenAsync(
        new VolumeStoreOptions(state ?? State, [new LocalDriver(Root)], time ?? TimeProvider.System, Events.Add), TestContext.Current.CancellationToken);

    /// <summary>A directory as an image would have it, to fill volumes from.</summary>
    public string MakeSource()
    {
        string source = Directory.CreateDirectory(Path.Combine(folder, "source")).FullName;
        Directory.CreateDirectory(Path.Combine(source, "sub"));
        File.WriteAllText(Path.Combine(source, "sub", "file"), "content");
        File.SetUnixFileMode(source, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.StickyBit);
        return source;
    }

    public async ValueTask DisposeAsync()
    {
        await State.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
