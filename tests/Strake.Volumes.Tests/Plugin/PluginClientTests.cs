namespace Strake.Volumes.Tests.Plugin;

public sealed class PluginClientTests
{
    [Fact]
    public async Task A_socket_that_is_not_there_is_told_as_what_it_is()
    {
        string path = Path.Combine(Path.GetTempPath(), "strake-no-such-socket");
        using var client = new PluginClient(PluginAddress.Parse("gone", $"unix://{path}"), TimeProvider.System);
        PluginUnreachableException failed = await Assert.ThrowsAsync<PluginUnreachableException>(() => client.CallAsync(
            "VolumeDriver.Path", new PluginVolumeName("data"), PluginJson.Default.PluginVolumeName, PluginJson.Default.PluginPath, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal($"VolumeDriver.Path: dial unix {path}: connect: no such file or directory", failed.Message);
    }
}
