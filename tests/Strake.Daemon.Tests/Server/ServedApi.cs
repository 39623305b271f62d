using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Strake.Daemon.Server;

namespace Strake.Daemon.Tests.Server;

/// <summary>A server on a socket of its own, with the routes of a test.</summary>
sealed class ServedApi : IAsyncDisposable
{
    readonly TestFolder folder;
    readonly ApiServer server;
    readonly CancellationTokenSource stopping;

    ServedApi(Router router)
    {
        folder = new TestFolder();
        stopping = new CancellationTokenSource();
        var application = new HttpApplication(Task.FromResult(router), TimeProvider.System, NullLogger.Instance, stopping.Token);
        var address = ListenAddress.Parse("unix://" + SocketPath);
        server = new ApiServer([address], new DaemonSocket(group: null), application, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public string SocketPath => folder.At("api.sock");

    public static Task<ServedApi> StartAsync(params Route[] routes) => StartAsync(new Router(routes));

    public static async Task<ServedApi> StartAsync(Router router)
    {
        var api = new ServedApi(router);
        await api.server.StartAsync(CancellationToken.None);
        return api;
    }

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
        return socket;
    }

    /// <summary>Sends bytes on a connection of their own and reads the answer up to its end.</summary>
    public async Task<string> AskAsync(string request, bool halfClose = false)
    {
        using Socket socket = await ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        if (halfClose) socket.Shutdown(SocketShutdown.Send);
        return await ReadToEndAsync(socket);
    }

    public static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await socket.ReceiveAsync(buffer)) > 0) text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        return text.ToString();
    }

    /// <summary>Reads the head of an answer, and leaves what follows.</summary>
    public static async Task<string> ReadHeadAsync(Socket socket)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await socket.ReceiveAsync(one) == 1) head.Append((char)one[0]);
        return head.ToString();
    }

    public void Stop() => stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await server.DisposeAsync();
        stopping.Dispose();
        folder.Dispose();
    }
}
