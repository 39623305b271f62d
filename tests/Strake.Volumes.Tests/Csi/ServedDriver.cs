using Strake.Csi;
using Strake.Grpc;
using Strake.Linux;

namespace Strake.Volumes.Tests.Csi;

/// <summary>The driver strake.csi on a socket, with volumes below a folder; whatever it leaves mounted is taken off with it.</summary>
public sealed class ServedDriver : IAsyncDisposable
{
    readonly string folder;
    readonly MemoryStateStore state = new();
    readonly string socket = Directory.CreateTempSubdirectory("strake-csi-").FullName;
    GrpcHost? host;

    public ServedDriver(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(Places);
    }

    public string Places => Path.Combine(folder, "places");

    public string Root => Path.Combine(folder, "volumes");

    public GrpcAddress Address => GrpcAddress.Unix(Path.Combine(socket, "csi.sock"));

    public VolumeStore Volumes { get; private set; } = null!;

    /// <summary>Whether volumes grow by the node's call alone.</summary>
    public bool ExpandsOnNode { get; init; }

    /// <summary>Serves; again after <see cref="StopAsync"/>, as after a restart.</summary>
    public async Task StartAsync()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Volumes = await VolumeStore.OpenAsync(new VolumeStoreOptions(state, [new LocalDriver(Root)], TimeProvider.System), token);
        var driver = new StrakeCsi(new StrakeCsiOptions(Volumes, state, Root, "node-1", "test", TimeProvider.System) { ExpandsOnNode = ExpandsOnNode });
        await driver.SettleAsync(token);
        host = await GrpcHost.StartAsync(new GrpcServer(driver.Handlers, new GrpcServerOptions { Describe = CsiStatus.Of }), new GrpcHostOptions { Addresses = [Address] }, token);
    }

    public async Task StopAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        host = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (MountEntry mount in MountTable.Below(folder).Reverse())
            Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach);
        await state.DisposeAsync();
        Directory.Delete(socket, recursive: true);
    }
}
