using System.Diagnostics;

namespace Strake.Volumes.Tests.Kill;

[Trait("Kernel", "stock")]
public sealed class ZfsKillTests(Zfs disk) : VolumeKillTests(disk.NewFolder(), "zfs"), IClassFixture<Zfs>
{
    protected override void AssertNothingLeft(string point)
    {
        using Process list = Process.Start(
            new ProcessStartInfo("zfs", ["list", "-H", "-r", "-t", "filesystem,snapshot", "-o", "name", disk.Pool]) { RedirectStandardOutput = true })!;
        string names = list.StandardOutput.ReadToEnd();
        list.WaitForExit();
        Assert.True(names.Trim() == disk.Pool, $"killed at {point}, there is left: {names}");
    }
}
