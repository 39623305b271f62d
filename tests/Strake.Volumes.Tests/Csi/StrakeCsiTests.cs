using Strake.Conformance.Csi;
using Strake.Grpc;

namespace Strake.Volumes.Tests.Csi;

/// <summary>The driver strake.csi passes the suite with each backend.</summary>
/// <param name="folder">Where its volumes lie.</param>
/// <param name="backend">The backend.</param>
public abstract class StrakeCsiTests(string folder, string backend) : CsiDriverSuite
{
    readonly ServedDriver driver = new(folder);

    protected ServedDriver Driver => driver;

    protected override string Places => driver.Places;

    protected override IReadOnlyDictionary<string, string> Parameters => new Dictionary<string, string> { ["backend"] = backend };

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            await base.DisposeAsync();
            Assert.Empty(await driver.Volumes.ListAsync(CancellationToken.None));
            Assert.Empty(Directory.EnumerateFileSystemEntries(Places));
        }
        finally
        {
            await driver.DisposeAsync();
        }
    }

    protected override async Task<GrpcAddress> StartAsync()
    {
        await driver.StartAsync();
        return driver.Address;
    }
}
