using System.Net;
using System.Net.Sockets;

namespace Strake.Grpc.Tests.Client;

/// <summary>Channels whose server comes and goes.</summary>
public sealed class ReconnectTests : IDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly CancellationToken stop = TestContext.Current.CancellationToken;
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("strake-grpc-");

    GrpcAddress Place => GrpcAddress.Unix(Path.Combine(folder.FullName, "calls.sock"));

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_server_that_comes_back_is_found_again()
    {
        using var channel = GrpcChannel.To(Place, new GrpcChannelOptions());
        for (int round = 0; round < 3; round++)
        {
            await using (GrpcHost host = await StartAsync()) Assert.Equal("hello", await AskPatientlyAsync(channel));
            GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => AskAsync(channel));
            Assert.Equal(GrpcStatusCode.Unavailable, error.Code);
            Assert.Contains(Place.ToString(), error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_may_wait_waits_for_the_server()
    {
        using var channel = GrpcChannel.To(Place, new GrpcChannelOptions());
        Task<string>[] asking = [.. Enumerable.Range(0, 20).Select(_ => AskPatientlyAsync(channel))];
        await Assert.ThrowsAsync<GrpcException>(() => AskAsync(channel));
        Assert.DoesNotContain(asking, static task => task.IsCompleted);
        await using GrpcHost host = await StartAsync();
        Assert.All(await Task.WhenAll(asking).WaitAsync(s_patience, stop), static answer => Assert.Equal("hello", answer));
    }

    [Fact]
    public async Task Streams_wait_too_and_lose_nothing()
    {
        using var channel = GrpcChannel.To(Place, new GrpcChannelOptions());
        await using GrpcCall<string, string> call = channel.Open(Methods.Sum, new GrpcCallOptions { WaitForReady = true }, stop);
        Task sending = call.WriteAsync("1", stop).AsTask();
        await Assert.ThrowsAsync<GrpcException>(() => AskAsync(channel));
        await using GrpcHost host = await StartAsync();
        await sending.WaitAsync(s_patience, stop);
        await call.WriteAsync("2", stop);
        call.Complete();
        Assert.Equal("12", await call.ReadAsync(stop).AsTask().WaitAsync(s_patience, stop));
    }

    [Fact]
    public async Task Who_waits_in_vain_learns_for_what()
    {
        using var channel = GrpcChannel.To(Place, new GrpcChannelOptions());
        var options = new GrpcCallOptions { WaitForReady = true, Timeout = TimeSpan.FromMilliseconds(200) };
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Methods.Ask, "", options, stop));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, error.Code);
        Assert.Contains(Place.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_tries_while_the_back_off_lasts()
    {
        var time = new ManualTime();
        var options = new GrpcChannelOptions { Time = time, FirstBackOff = TimeSpan.FromSeconds(1), MaxBackOff = TimeSpan.FromSeconds(2) };
        var connector = new Connector(Place, options);
        await RefusedAsync(connector);
        await using GrpcHost host = await StartAsync();
        await RefusedAsync(connector);
        time.Advance(TimeSpan.FromSeconds(1));
        await using Stream connection = await connector.ConnectAsync(stop);
    }

    [Fact]
    public async Task Back_offs_grow_to_their_bound()
    {
        var time = new ManualTime();
        var connector = new Connector(Place, new GrpcChannelOptions { Time = time, FirstBackOff = TimeSpan.FromSeconds(1), MaxBackOff = TimeSpan.FromSeconds(3) });
        foreach (double expected in new[] { 1, 1.6, 2.56, 3, 3 })
        {
            await RefusedAsync(connector);
            Task pause = connector.PauseAsync(stop);
            time.Advance(TimeSpan.FromSeconds(expected - 0.01));
            Assert.False(pause.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(0.02));
            await pause.WaitAsync(s_patience, stop);
        }
    }

    [Fact]
    public async Task Connecting_has_a_limit()
    {
        // One connection fills a queue of length zero; the next is left without an answer.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(listener.LocalEndPoint!, stop);
        var options = new GrpcChannelOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) };
        using var channel = GrpcChannel.To(GrpcAddress.Parse(listener.LocalEndPoint!.ToString()!), options);
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => AskAsync(channel).WaitAsync(s_patience, stop));
        Assert.Equal(GrpcStatusCode.Unavailable, error.Code);
        Assert.Contains("in time", error.Message, StringComparison.Ordinal);
    }

    async Task RefusedAsync(Connector connector) => await Assert.ThrowsAsync<ConnectException>(async () => await connector.ConnectAsync(stop));

    Task<string> AskAsync(GrpcChannel channel) => channel.CallAsync(Methods.Ask, "hello", GrpcCallOptions.None, stop);

    Task<string> AskPatientlyAsync(GrpcChannel channel) => channel.CallAsync(Methods.Ask, "hello", new GrpcCallOptions { WaitForReady = true }, stop);

    Task<GrpcHost> StartAsync()
    {
        GrpcHandler[] handlers =
        [
            GrpcHandler.Unary(Methods.Ask, (request, _) => Task.FromResult(request)),
            GrpcHandler.ClientStream(Methods.Sum, async (requests, call) =>
            {
                string all = "";
                while (await requests.ReadAsync(call.Cancelled) is { } text) all += text;
                return all;
            }),
        ];
        return GrpcHost.StartAsync(new GrpcServer(handlers, new GrpcServerOptions()), new GrpcHostOptions { Addresses = [Place], Grace = TimeSpan.Zero }, stop);
    }
}
