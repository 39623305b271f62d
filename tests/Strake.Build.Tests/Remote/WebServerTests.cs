using System.Net.Sockets;

namespace Strake.Build.Tests.Remote;

public sealed class WebServerTests
{
    /// <summary>It ended with an exception where a client came at that moment, and what the test had to remove stayed.</summary>
    [Fact]
    public async Task It_ends_while_clients_come()
    {
        for (var round = 0; round < 200; round++)
        {
            var server = new WebServer();
            var port = server.Port;
            var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ComeAsync(port))).ToArray();
            await Task.Yield();
            await server.DisposeAsync();
            await Task.WhenAll(clients);
        }
    }

    static async Task ComeAsync(int port)
    {
        try
        {
            for (var number = 0; number < 4; number++)
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            }
        }
        catch (SocketException)
        {
            // It has ended.
        }
    }
}
