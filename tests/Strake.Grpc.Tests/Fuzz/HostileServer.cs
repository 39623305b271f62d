using System.Net.Sockets;

namespace Strake.Grpc.Tests.Fuzz;

/// <summary>A connection whose other end says what the test has it say, without regard for what it is asked.</summary>
sealed class HostileServer : IAsyncDisposable
{
    readonly Socket server;
    Task drained = Task.CompletedTask;

    HostileServer(Socket client, Socket server)
    {
        this.server = server;
        Channel = GrpcChannel.Over(new NetworkStream(client, ownsSocket: true), new GrpcChannelOptions());
    }

    public GrpcChannel Channel { get; }

    public Socket Socket => server;

    /// <summary>A connection.</summary>
    public static async Task<HostileServer> StartAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("strake-grpc-");
        try
        {
            var place = new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "hostile.sock"));
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(place);
            listener.Listen();
            var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await client.ConnectAsync(place);
            return new HostileServer(client, await listener.AcceptAsync());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Waits for the first request's headers: what is said before them is answer to nothing.</summary>
    /// <param name="reads">Whether what the client sends after them is read, and thrown away.</param>
    public async Task AskedAsync(bool reads = true)
    {
        var asked = new byte[64 * 1024];
        int length = 0;
        while (!HasHeaders(asked.AsSpan(0, length)))
        {
            int read = await server.ReceiveAsync(asked.AsMemory(length));
            Assert.NotEqual(0, read);
            length += read;
        }

        if (reads) drained = DrainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        server.Dispose();
        await drained;
    }

    static bool HasHeaders(ReadOnlySpan<byte> asked)
    {
        for (int at = Http2Bytes.Preface.Length; at + 9 <= asked.Length; at += 9 + (asked[at] << 16 | asked[at + 1] << 8 | asked[at + 2]))
            if (asked[at + 3] == Http2Bytes.Headers) return true;
        return false;
    }

    async Task DrainAsync()
    {
        var asked = new byte[64 * 1024];
        try
        {
            while (await server.ReceiveAsync(asked) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client has gone, or the test is over.
        }
    }
}
