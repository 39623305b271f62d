using Strake.Conformance.FileSystems;
using Strake.Images;
using Strake.Layers.Tests.Store;
using Strake.Linux;
using Strake.State.Sqlite;

namespace Strake.Layers.Tests.Kill;

/// <summary>A process that is killed at each fault point of the store and of its driver, and one that comes after it.</summary>
public abstract class KillTests : IDisposable
{
    // Other projects' points are their tests' matter.
    readonly string[] _ours;
    readonly string _driver;
    readonly DirectoryInfo _folder;

    /// <summary>Prepares the life.</summary>
    /// <param name="driver">The driver's name.</param>
    /// <param name="fileSystem">Where; null: where temporary files are.</param>
    /// <param name="storeToo">
    /// Whether it dies at the store's own points as well. A driver of each kind does: one whose layers are independent, and one whose are not.
    /// </param>
    protected KillTests(string driver, ScratchFileSystem? fileSystem = null, bool storeToo = true)
    {
        _driver = driver;
        _ours = storeToo ? ["layer.", "driver.", driver + "."] : ["driver.", driver + "."];
        _folder = fileSystem is null ? Directory.CreateTempSubdirectory("strake-test-") : new(fileSystem.NewFolder());
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        ScratchFileSystem.Remove(_folder.FullName);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Whoever_is_killed_at_a_fault_point_leaves_nothing_wrong()
    {
        var points = await PointsAsync();
        Assert.InRange(points.Count, 6, 200);
        foreach (var point in points)
        {
            var folder = _folder.CreateSubdirectory(point.Replace(':', '-')).FullName;
            Assert.False(await DaemonChild.RunAsync(_driver, folder, ("STRAKE_FAULT", point), Stop), $"{point} was not reached");
            await CheckAsync(folder, point);
            ScratchFileSystem.Remove(folder);
        }
    }

    // Each point at its last reach, when most is there to be lost. (LayerStoreTests.Recovery dies at every reach, in its own process.)
    async Task<IReadOnlyList<string>> PointsAsync()
    {
        var folder = _folder.CreateSubdirectory("trace").FullName;
        var trace = Path.Combine(_folder.FullName, "points");
        Assert.True(await DaemonChild.RunAsync(_driver, folder, ("STRAKE_FAULT_TRACE", trace), Stop));
        await CheckAsync(folder, "life's end");
        return
        [
            .. (await File.ReadAllLinesAsync(trace, Stop))
                .Where(point => _ours.Any(prefix => point.StartsWith(prefix, StringComparison.Ordinal)))
                .CountBy(point => point, StringComparer.Ordinal)
                .Select(point => $"{point.Key}:{point.Value}"),
        ];
    }

    async Task CheckAsync(string folder, string point)
    {
        Syscall.TryUnmount(Path.Combine(folder, "rootfs"), UnmountFlags.Detach);
        await using var state = SqliteStateStore.Open(new SqliteStateOptions(DaemonChild.StateOf(folder)));
        await using var store = await LayerStore.OpenAsync(
            new LayerStoreOptions { DataRoot = folder, Driver = DaemonChild.DriverOf(_driver, folder), State = state }, Stop);
        var findings = await store.CheckAsync(LayerStoreWorld.NoMounts, Stop);
        Assert.True(findings.Count == 0, $"killed at {point}: {string.Join("; ", findings)}");
        foreach (var reference in await state.RangeAsync("layer-reference/", Stop))
        {
            Assert.True(Digest.TryParse(Digest.Prefix + reference.Key.Split('/')[1], out var chain));
            await store.WriteTarAsync(new(chain), Stream.Null, Stop);
        }

        if (await store.FindWritableAsync("container/1", Stop) is not { } layer) return;
        var target = Directory.CreateDirectory(Path.Combine(folder, "rootfs")).FullName;
        using var mount = store.Mount(layer, LayerAccess.ReadOnly, target);
        Assert.StartsWith("d/ d/b=2 link=2", LayerStoreWorld.Content(target), StringComparison.Ordinal);
    }
}
