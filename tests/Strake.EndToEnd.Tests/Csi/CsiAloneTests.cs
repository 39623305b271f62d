using Strake.Conformance.Csi;
using Strake.Grpc;

namespace Strake.EndToEnd.Tests.Csi;

/// <summary>The published program alone as a driver: the whole suite, with images.</summary>
public sealed class CsiAloneTests : CsiDriverSuite
{
    CsiProcess process = null!;

    /// <inheritdoc/>
    protected override string Places => process.Places;

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Parameters => new Dictionary<string, string> { ["backend"] = "image" };

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            await base.DisposeAsync();
        }
        finally
        {
            await process.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task<GrpcAddress> StartAsync()
    {
        process = await CsiProcess.PrepareAsync();
        await process.StartAsync();
        return process.Address;
    }
}
