using System.Net.Sockets;

namespace Strake.Grpc.Tests;

/// <summary>A server of calls on a unix socket of its own, and a channel to it.</summary>
sealed class ServedCalls : IAsyncDisposable
{
    readonly DirectoryInfo folder;
    readonly GrpcHost host;

    ServedCalls(DirectoryInfo folder, GrpcHost host)
    {
        this.folder = folder;
        this.host = host;
        Channel = GrpcChannel.ToUnixSocket(SocketPath, new GrpcChannelOptions());
    }

    public string SocketPath => host.Addresses[0].SocketPath!;

    public GrpcChannel Channel { get; }

    public static Task<ServedCalls> StartAsync(params GrpcHandler[] handlers) => StartAsync(new GrpcServerOptions(), handlers);

    public static async Task<ServedCalls> StartAsync(GrpcServerOptions options, params GrpcHandler[] handlers)
    {
        DirectoryInfo place = Directory.CreateTempSubdirectory("strake-grpc-");
        // Calls that tests leave behind end with them.
        var hosting = new GrpcHostOptions { Addresses = [GrpcAddress.Unix(Path.Combine(place.FullName, "calls.sock"))], Grace = TimeSpan.Zero };
        return new ServedCalls(place, await GrpcHost.StartAsync(new GrpcServer(handlers, options), hosting, TestContext.Current.CancellationToken));
    }

    public async Task<Stream> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await host.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
