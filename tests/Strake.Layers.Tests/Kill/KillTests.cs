using Strake.Images;
using Strake.Layers.Tests.Store;
using Strake.Linux;
using Strake.State.Sqlite;

namespace Strake.Layers.Tests.Kill;

/// <summary>A process that is killed at each fault point of the store and of its drivers, and one that comes after it.</summary>
public sealed class KillTests : IDisposable
{
    // Other projects' points are their tests' matter.
    static readonly string[] Ours = ["layer.", "driver.", "overlay2.", "vfs."];

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strake-test-");

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => TreeRemoval.Remove(_folder.FullName);

    [Theory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public async Task Whoever_is_killed_at_a_fault_point_leaves_nothing_wrong(string driver)
    {
        var points = await PointsAsync(driver);
        Assert.InRange(points.Count, 15, 200);
        foreach (var point in points)
        {
            var folder = _folder.CreateSubdirectory(point.Replace(':', '-')).FullName;
            Assert.False(await DaemonChild.RunAsync(driver, folder, ("STRAKE_FAULT", point), Stop), $"{point} was not reached");
            await CheckAsync(driver, folder, point);
            TreeRemoval.Remove(folder, Stop);
        }
    }

    // Each point at its last reach, when most is there to be lost. (LayerStoreTests.Recovery dies at every reach, in its own process.)
    async Task<IReadOnlyList<string>> PointsAsync(string driver)
    {
        var folder = _folder.CreateSubdirectory("trace").FullName;
        var trace = Path.Combine(_folder.FullName, "points");
        Assert.True(await DaemonChild.RunAsync(driver, folder, ("STRAKE_FAULT_TRACE", trace), Stop));
        await CheckAsync(driver, folder, "life's end");
        return
        [
            .. (await File.ReadAllLinesAsync(trace, Stop))
                .Where(point => Ours.Any(prefix => point.StartsWith(prefix, StringComparison.Ordinal)))
                .CountBy(point => point, StringComparer.Ordinal)
                .Select(point => $"{point.Key}:{point.Value}"),
        ];
    }

    static async Task CheckAsync(string driver, string folder, string point)
    {
        Syscall.TryUnmount(Path.Combine(folder, "rootfs"), UnmountFlags.Detach);
        await using var state = SqliteStateStore.Open(new SqliteStateOptions(DaemonChild.StateOf(folder)));
        await using var store = await LayerStore.OpenAsync(
            new LayerStoreOptions { DataRoot = folder, Driver = DaemonChild.DriverOf(driver, folder), State = state }, Stop);
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
