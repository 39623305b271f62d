using Microsoft.Extensions.Logging;
using Strake.Csi;
using Strake.Grpc;
using Strake.Volumes;

namespace Strake.Daemon.Csi;

/// <summary>The driver <c>strake.csi</c> on its sockets, with the services by which a caller looks around: health and reflection.</summary>
static class CsiEndpoint
{
    /// <summary>What the driver is made of, in a data root.</summary>
    public static StrakeCsiOptions OptionsOf(VolumeStore volumes, IStateStore state, string dataRoot, string nodeId, TimeProvider time) =>
        new(volumes, state, Path.Combine(dataRoot, "volumes"), nodeId, Product.Version, time);

    /// <summary>Reads an endpoint as <c>CSI_ENDPOINT</c> has it. Pure.</summary>
    /// <exception cref="StrakeException">Invalid: it is none; names the setting.</exception>
    public static GrpcAddress Parse(string setting, string text)
    {
        try
        {
            return GrpcAddress.Parse(text);
        }
        catch (FormatException malformed)
        {
            throw StrakeException.Invalid($"invalid {setting}: {malformed.Message}", malformed);
        }
    }

    /// <summary>Begins to serve, once what an earlier run of the machine left is ended.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="endpoints">Where.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where it logs.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <returns>The server; the caller disposes it.</returns>
    /// <exception cref="StrakeException">Unavailable: a socket cannot be had.</exception>
    public static async Task<GrpcHost> ServeAsync(
        StrakeCsi driver, IReadOnlyList<GrpcAddress> endpoints, TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        await driver.SettleAsync(cancellationToken);
        var health = new HealthService();
        health.Set("", ServingStatus.Serving);
        var reflection = new ReflectionService([CsiReflection.Descriptor]);
        var server = new GrpcServer(
            [.. driver.Handlers, .. health.Handlers, .. reflection.Handlers],
            new GrpcServerOptions { Describe = CsiStatus.Of, Log = logs.CreateLogger("csi"), Time = time });
        try
        {
            return await GrpcHost.StartAsync(server, new GrpcHostOptions { Addresses = endpoints, Logs = logs, Time = time }, cancellationToken);
        }
        catch (IOException taken)
        {
            throw StrakeException.Unavailable($"serve {StrakeCsi.Name}: {taken.Message}", taken);
        }
    }
}
