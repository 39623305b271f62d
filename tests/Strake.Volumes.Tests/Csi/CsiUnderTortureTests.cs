using System.Collections.Concurrent;
using Strake.Csi;
using Strake.Grpc;

namespace Strake.Volumes.Tests.Csi;

/// <summary>The whole suite through a proxy that repeats, delays and cuts its calls; no rule is broken, and nothing is left.</summary>
public sealed class CsiUnderTortureTests(Btrfs disk) : StrakeCsiTests(disk.NewFolder(), "btrfs"), IClassFixture<Btrfs>
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-csi-").FullName;
    readonly ConcurrentQueue<CsiBreach> breaches = [];
    GrpcChannel? channel;
    GrpcHost? proxy;

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await base.DisposeAsync();
            Assert.Empty(breaches);
        }
        finally
        {
            if (proxy is not null) await proxy.DisposeAsync();
            channel?.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    protected override async Task<GrpcAddress> StartAsync()
    {
        channel = GrpcChannel.To(await base.StartAsync(), new GrpcChannelOptions());
        var torture = new CsiTorture(channel, new Random(1), TimeProvider.System, static _ => { }, breaches.Enqueue);
        var address = GrpcAddress.Unix(Path.Combine(folder, "torture.sock"));
        proxy = await GrpcHost.StartAsync(new GrpcServer(torture.Handlers, new GrpcServerOptions { Describe = CsiStatus.Of }), new GrpcHostOptions { Addresses = [address] }, Token);
        return address;
    }
}
