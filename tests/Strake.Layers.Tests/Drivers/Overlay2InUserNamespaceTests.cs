using Strake.Layers.Tests.Kill;
using Strake.Linux;

namespace Strake.Layers.Tests.Drivers;

public sealed class Overlay2InUserNamespaceTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("strake-test-").FullName;

    public void Dispose() => TreeRemoval.Remove(_folder);

    // Loads images with removals, runs, commits, seals, removes: what would need trusted.* attributes.
    [Fact]
    public async Task A_store_lives_where_trusted_attributes_are_out_of_reach()
    {
        var (lived, error) = await DaemonChild.RunInUserNamespaceAsync("overlay2", _folder, TestContext.Current.CancellationToken);
        Assert.True(lived, error);
    }
}
