using Strake.Linux;

namespace Strake.Volumes.Tests.Kill;

/// <summary>A process that is killed at each fault point of the driver local and of a backend, and one that comes after it.</summary>
/// <param name="folder">Where.</param>
/// <param name="backend">The backend's name.</param>
public abstract class VolumeKillTests(string folder, string backend) : IDisposable
{
    const string Holder = "container/two";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (MountEntry mount in MountTable.Below(folder).Reverse())
            Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Whoever_is_killed_at_a_fault_point_loses_nothing_and_leaves_nothing()
    {
        string trace = Path.Combine(folder, "points");
        Assert.True(await VolumeLife.RunAsync(backend, Path.Combine(folder, "trace"), ("STRAKE_FAULT_TRACE", trace), Token));
        // Each at its last reach, when most is there to be lost, and at its first.
        List<string> points = [.. (await File.ReadAllLinesAsync(trace, Token))
            .Where(static point => point.StartsWith("volume.", StringComparison.Ordinal))
            .CountBy(static point => point)
            .SelectMany(static point => point.Value == 1 ? [point.Key] : (string[])[point.Key, $"{point.Key}:{point.Value}"])];
        Assert.InRange(points.Count, 12, 100);
        foreach (string point in points)
        {
            string root = Path.Combine(folder, point.Replace(':', '-'));
            Assert.False(await VolumeLife.RunAsync(backend, root, ("STRAKE_FAULT", point), Token), $"{point} was not reached");
            await CheckAsync(root, point);
        }
    }

    /// <summary>Asserts that nothing is left beside the folder, such as datasets.</summary>
    /// <param name="point">Where it died, for a message.</param>
    protected virtual void AssertNothingLeft(string point)
    {
    }

    async Task CheckAsync(string root, string point)
    {
        // As the store does at its start: it knows of both by their records.
        var driver = new LocalDriver(root);
        foreach (VolumeName name in new[] { VolumeLife.Name, VolumeLife.Clone }.Where(name => Directory.Exists(Path.Combine(root, name.ToString()))))
        {
            await driver.SettleAsync(name);
            if (name == VolumeLife.Name)
                await driver.CreateAsync(name, VolumeLife.OptionsOf(backend), Token);
            await driver.ResumeAsync(name, [], Token);
            string path = await driver.MountAsync(name, Holder, Token);
            string text = File.Exists($"{path}/file") ? await File.ReadAllTextAsync($"{path}/file", Token) : "";
            Assert.True(text is "old" or "new" || (text is "" && driver.SnapshotsOf(name).Count == 0), $"killed at {point}, {name} has \"{text}\"");
            await File.WriteAllTextAsync($"{path}/more", "goes on", Token);
            await driver.UnmountAsync(name, Holder, Token);
        }

        foreach (VolumeName name in new[] { VolumeLife.Name, VolumeLife.Clone })
            await driver.RemoveAsync(name, Token);
        Assert.True(!Directory.Exists(root) || Directory.GetFileSystemEntries(root) is [], $"killed at {point}, there is left: {string.Join(' ', Directory.GetFileSystemEntries(root))}");
        Assert.Empty(MountTable.Below(root));
        AssertNothingLeft(point);
    }
}
