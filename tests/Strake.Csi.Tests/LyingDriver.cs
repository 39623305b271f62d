using Google.Protobuf;
using Strake.Grpc;

namespace Strake.Csi.Tests;

/// <summary>A driver on a socket that answers as a test has it.</summary>
public sealed class LyingDriver : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-csi-").FullName;
    readonly List<GrpcHost> hosts = [];

    /// <summary>The way to the driver.</summary>
    public GrpcChannel Channel { get; private set; } = null!;

    /// <summary>Serves a driver.</summary>
    public async Task StartAsync(Func<CsiCall, IMessage, Task<IMessage>> answer) =>
        Channel = await ServeAsync("driver.sock", [.. CsiCalls.All.Select(call => call.AnsweredBy((asked, request, _) => answer(asked, request)))]);

    /// <summary>Serves a proxy in front of it, and gives the way to that.</summary>
    public Task<GrpcChannel> ServeAsync(CsiProxy proxy) => ServeAsync("proxy.sock", proxy.Handlers);

    public async ValueTask DisposeAsync()
    {
        foreach (GrpcHost host in Enumerable.Reverse(hosts)) await host.DisposeAsync();
        Channel?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    async Task<GrpcChannel> ServeAsync(string name, IReadOnlyList<GrpcHandler> handlers)
    {
        GrpcAddress address = GrpcAddress.Unix(Path.Combine(folder, name));
        hosts.Add(await GrpcHost.StartAsync(
            new GrpcServer(handlers, new GrpcServerOptions { Describe = CsiStatus.Of }), new GrpcHostOptions { Addresses = [address] }, TestContext.Current.CancellationToken));
        return GrpcChannel.To(address, new GrpcChannelOptions());
    }
}
