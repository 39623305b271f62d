using System.Net.Sockets;
using System.Text;
using Strake.Daemon.Server;

namespace Strake.Daemon.Tests.Server;

/// <summary>What docker run, attach and exec do with a connection.</summary>
public sealed class HijackTests
{
    const int Total = 64 * 1024 * 1024;
    const string Attach = "POST /v1.51/containers/x/attach?stream=1&stdout=1 HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n";

    static string ExecStart(string body) =>
        $"POST /v1.51/exec/x/start HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    static readonly Route s_output = new("POST", "/containers/{id}/attach", SendMuchAsync, "stream", "stdout");

    static readonly Route s_exec = new("POST", "/exec/{id}/start", async exchange =>
    {
        using var body = new StreamReader(exchange.Http.Request.Body);
        string text = await body.ReadToEndAsync();
        await using HijackedConnection connection = await HijackedConnection.TakeAsync(exchange.Http, "application/vnd.docker.raw-stream", TimeProvider.System);
        await connection.WriteAsync(Encoding.ASCII.GetBytes(text + "|"), exchange.Aborted);
        await EchoAsync(connection);
    });

    static async Task SendMuchAsync(Exchange exchange)
    {
        await using HijackedConnection connection =
            await HijackedConnection.TakeAsync(exchange.Http, "application/vnd.docker.multiplexed-stream", TimeProvider.System);
        // Only once the client has shut down: what a proxy or a web server takes for gone.
        var one = new byte[1];
        Assert.Equal(0, await connection.Input.ReadAsync(one));
        var block = new byte[64 * 1024];
        for (int sent = 0; sent < Total; sent += block.Length)
        {
            block[0] = (byte)(sent >> 16);
            await connection.WriteAsync(block, exchange.Aborted);
        }
    }

    static async Task EchoAsync(HijackedConnection connection)
    {
        var buffer = new byte[4096];
        int read;
        while ((read = await connection.Input.ReadAsync(buffer)) > 0) await connection.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
        await connection.WriteAsync("end"u8.ToArray(), CancellationToken.None);
    }

    [Fact]
    public async Task All_output_reaches_a_client_that_has_shut_down_its_sending_side()
    {
        await using ServedApi api = await ServedApi.StartAsync(s_output);
        for (int run = 0; run < 60; run++)
        {
            using Socket client = await api.ConnectAsync();
            await client.SendAsync(Encoding.ASCII.GetBytes(Attach));
            string head = await ServedApi.ReadHeadAsync(client);
            Assert.StartsWith("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n", head);
            client.Shutdown(SocketShutdown.Send);
            Assert.Equal(Total, await CountAsync(client));
        }
    }

    [Fact]
    public async Task A_client_that_shuts_down_before_the_answer_gets_it_all_the_same()
    {
        await using ServedApi api = await ServedApi.StartAsync(s_output);
        using Socket client = await api.ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes(Attach));
        client.Shutdown(SocketShutdown.Send);
        await ServedApi.ReadHeadAsync(client);
        Assert.Equal(Total, await CountAsync(client));
    }

    [Fact]
    public async Task A_body_before_the_upgrade_is_read_and_what_follows_it_is_input()
    {
        await using ServedApi api = await ServedApi.StartAsync(s_exec);
        // Input in the same packet as the request, and input that comes later.
        using Socket client = await api.ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes(ExecStart("{}") + "first,"));
        await ServedApi.ReadHeadAsync(client);
        await client.SendAsync("second"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("{}|first,secondend", await ServedApi.ReadToEndAsync(client));
    }

    [Fact]
    public async Task A_client_that_asks_for_no_upgrade_gets_a_raw_stream_behind_a_200()
    {
        await using ServedApi api = await ServedApi.StartAsync(s_exec);
        using Socket client = await api.ConnectAsync();
        await client.SendAsync("POST /exec/x/start HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n", await ServedApi.ReadHeadAsync(client));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("{}|end", await ServedApi.ReadToEndAsync(client));
    }

    [Fact]
    public async Task Input_that_nobody_read_does_not_spoil_the_end_of_output()
    {
        var route = new Route("POST", "/containers/{id}/attach", async exchange =>
        {
            await using HijackedConnection connection = await HijackedConnection.TakeAsync(exchange.Http, "application/vnd.docker.raw-stream", TimeProvider.System);
            await connection.WriteAsync("bye"u8.ToArray(), exchange.Aborted);
        }, "stream", "stdout");
        await using ServedApi api = await ServedApi.StartAsync(route);
        for (int run = 0; run < 20; run++)
        {
            using Socket client = await api.ConnectAsync();
            await client.SendAsync(Encoding.ASCII.GetBytes(Attach));
            await ServedApi.ReadHeadAsync(client);
            await client.SendAsync(new byte[200_000]);
            // Not ECONNRESET, which a unix socket closed with unread input gives.
            Assert.Equal("bye", await ServedApi.ReadToEndAsync(client));
        }
    }

    [Fact]
    public async Task Much_input_arrives_whole_however_it_is_read()
    {
        const int total = 16 * 1024 * 1024;
        var route = new Route("POST", "/containers/{id}/attach", async exchange =>
        {
            await using HijackedConnection connection = await HijackedConnection.TakeAsync(exchange.Http, "application/vnd.docker.raw-stream", TimeProvider.System);
            var buffer = new byte[70_000];
            long sum = 0;
            int read;
            for (int turn = 1; (read = await connection.Input.ReadAsync(buffer.AsMemory(0, (turn * 7919 % buffer.Length) + 1))) > 0; turn++)
            {
                for (int i = 0; i < read; i++) sum += buffer[i];
                // Waits for more without taking any, as HTTP/2 does.
                Assert.Equal(0, await connection.Input.ReadAsync(Memory<byte>.Empty));
            }

            await connection.WriteAsync(Encoding.ASCII.GetBytes(sum.ToString(System.Globalization.CultureInfo.InvariantCulture)), exchange.Aborted);
        }, "stream", "stdout");
        await using ServedApi api = await ServedApi.StartAsync(route);
        using Socket client = await api.ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes(Attach));
        await ServedApi.ReadHeadAsync(client);
        var bytes = new byte[total];
        new Random(3).NextBytes(bytes);
        for (int sent = 0; sent < total;) sent += await client.SendAsync(bytes.AsMemory(sent), TestContext.Current.CancellationToken);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(bytes.Sum(static one => (long)one).ToString(System.Globalization.CultureInfo.InvariantCulture), await ServedApi.ReadToEndAsync(client));
    }

    [Fact]
    public async Task A_connection_can_be_closed_while_somebody_waits_for_input()
    {
        var outcome = new TaskCompletionSource<Exception?>();
        var route = new Route("POST", "/containers/{id}/attach", async exchange =>
        {
            HijackedConnection connection = await HijackedConnection.TakeAsync(exchange.Http, "application/vnd.docker.raw-stream", TimeProvider.System);
            Task<int> reading = connection.Input.ReadAsync(new byte[10]).AsTask();
            await connection.WriteAsync("bye"u8.ToArray(), exchange.Aborted);
            await connection.DisposeAsync();
            outcome.SetResult(await Record.ExceptionAsync(() => reading));
        }, "stream", "stdout");
        await using ServedApi api = await ServedApi.StartAsync(route);
        using Socket client = await api.ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes(Attach));
        await ServedApi.ReadHeadAsync(client);
        Assert.Equal("bye", await ServedApi.ReadToEndAsync(client));
        client.Dispose();
        Assert.IsType<IOException>(await outcome.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_client_that_goes_away_altogether_is_noticed_while_nothing_is_sent()
    {
        var gone = new TaskCompletionSource();
        var route = new Route("POST", "/containers/{id}/attach", async exchange =>
        {
            await using HijackedConnection connection = await HijackedConnection.TakeAsync(exchange.Http, "application/vnd.docker.raw-stream", TimeProvider.System);
            await using var registration = connection.Gone.Register(() => gone.TrySetResult());
            await gone.Task;
        }, "stream", "stdout");
        await using ServedApi api = await ServedApi.StartAsync(route);
        using (Socket client = await api.ConnectAsync())
        {
            await client.SendAsync(Encoding.ASCII.GetBytes(Attach));
            await ServedApi.ReadHeadAsync(client);
            client.Shutdown(SocketShutdown.Send);
            Assert.False(gone.Task.IsCompleted);
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_ordinary_request_of_a_half_closed_client_is_answered()
    {
        var route = new Route("GET", "/version", async exchange =>
        {
            await Task.Yield();
            await exchange.WriteTextAsync("slow but sure");
        });
        await using ServedApi api = await ServedApi.StartAsync(route);
        string answer = await api.AskAsync("GET /version HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n", halfClose: true);
        Assert.EndsWith("slow but sure", answer);
    }

    [Fact]
    public async Task A_request_whose_client_has_gone_is_cancelled()
    {
        var cancelled = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        var route = new Route("GET", "/events", async exchange =>
        {
            await using var registration = exchange.Aborted.Register(() => cancelled.TrySetResult());
            begun.SetResult();
            await cancelled.Task;
        });
        await using ServedApi api = await ServedApi.StartAsync(route);
        using (Socket client = await api.ConnectAsync())
        {
            await client.SendAsync("GET /events HTTP/1.1\r\nHost: d\r\n\r\n"u8.ToArray());
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    static async Task<long> CountAsync(Socket client)
    {
        var buffer = new byte[128 * 1024];
        long total = 0;
        int read;
        while ((read = await client.ReceiveAsync(buffer)) > 0) total += read;
        return total;
    }
}
