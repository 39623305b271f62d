using System.Net;
using System.Net.Sockets;

namespace Strake.Grpc.Tests.Server;

/// <summary>Where a host listens, and how it ends.</summary>
public sealed class GrpcHostTests : IDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly CancellationToken stop = TestContext.Current.CancellationToken;
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("strake-grpc-");

    GrpcAddress Place => GrpcAddress.Unix(Path.Combine(folder.FullName, "deep", "calls.sock"));

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Unix_sockets_and_ports_serve_the_same_calls()
    {
        await using GrpcHost host = await StartAsync(Place, GrpcAddress.Parse("tcp://127.0.0.1:0"), GrpcAddress.Parse("localhost:0"));
        Assert.Equal(3, host.Addresses.Count);
        foreach (GrpcAddress address in host.Addresses)
        {
            Assert.NotEqual(0, (address.EndPoint as IPEndPoint)?.Port ?? 1);
            Assert.Equal("hello", await AskAsync(address, "hello"));
        }
    }

    [Fact]
    public async Task Only_owner_and_group_may_connect()
    {
        await using GrpcHost host = await StartAsync(Place);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite,
            File.GetUnixFileMode(Place.SocketPath!));
    }

    [Fact]
    public async Task A_socket_that_a_killed_server_left_is_replaced()
    {
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Place.SocketPath!)!);
            left.Bind(Place.EndPoint);
            // As if its process had ended: the file stays.
            File.Move(Place.SocketPath!, Place.SocketPath + ".kept");
        }

        File.Move(Place.SocketPath + ".kept", Place.SocketPath!);
        await using GrpcHost host = await StartAsync(Place);
        Assert.Equal("hello", await AskAsync(Place, "hello"));
    }

    [Fact]
    public async Task A_socket_on_which_somebody_listens_is_not_taken()
    {
        await using GrpcHost first = await StartAsync(Place);
        IOException error = await Assert.ThrowsAsync<IOException>(() => StartAsync(Place));
        Assert.Contains(Place.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("another server", error.Message, StringComparison.Ordinal);
        Assert.Equal("hello", await AskAsync(Place, "hello"));
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_not_removed()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place.SocketPath!)!);
        await File.WriteAllTextAsync(Place.SocketPath!, "precious", stop);
        await Assert.ThrowsAsync<IOException>(() => StartAsync(Place));
        Assert.Equal("precious", await File.ReadAllTextAsync(Place.SocketPath!, stop));
    }

    [Fact]
    public async Task Where_one_address_cannot_be_had_nothing_listens()
    {
        GrpcAddress other = GrpcAddress.Unix(Path.Combine(folder.FullName, "other.sock"));
        await using GrpcHost first = await StartAsync(Place);
        await Assert.ThrowsAsync<IOException>(() => StartAsync(other, Place));
        Assert.False(File.Exists(other.SocketPath));
    }

    [Fact]
    public async Task A_stop_lets_calls_end_and_takes_no_new_ones()
    {
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        GrpcHost host = await StartAsync([Place], TimeSpan.FromSeconds(20), async (request, _) =>
        {
            begun.SetResult();
            await go.Task;
            return request;
        });
        await using (host)
        {
            using var channel = GrpcChannel.To(Place, new GrpcChannelOptions());
            Task<string> asking = channel.CallAsync(Methods.Ask, "hello", GrpcCallOptions.None, stop);
            await begun.Task.WaitAsync(s_patience, stop);
            Task stopping = host.StopAsync(stop);
            GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => AskAsync(Place, "late"));
            Assert.Equal(GrpcStatusCode.Unavailable, refused.Code);
            Assert.False(stopping.IsCompleted);
            go.SetResult();
            Assert.Equal("hello", await asking.WaitAsync(s_patience, stop));
            await stopping.WaitAsync(s_patience, stop);
            Assert.False(File.Exists(Place.SocketPath));
        }
    }

    [Fact]
    public async Task What_does_not_end_in_its_time_is_cut_off()
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        GrpcHost host = await StartAsync([Place], TimeSpan.FromMilliseconds(50), async (request, call) =>
        {
            begun.SetResult();
            await using CancellationTokenRegistration registration = call.Cancelled.Register(ended.SetResult);
            await ended.Task;
            return request;
        });
        using var channel = GrpcChannel.To(Place, new GrpcChannelOptions());
        Task<string> asking = channel.CallAsync(Methods.Ask, "hello", GrpcCallOptions.None, stop);
        await begun.Task.WaitAsync(s_patience, stop);
        await host.DisposeAsync().AsTask().WaitAsync(s_patience, stop);
        await ended.Task.WaitAsync(s_patience, stop);
        await Assert.ThrowsAsync<GrpcException>(() => asking.WaitAsync(s_patience, stop));
    }

    [Fact]
    public async Task Calls_are_told_that_the_host_stops()
    {
        var begun = new TaskCompletionSource();
        GrpcHost host = await StartAsync([Place], TimeSpan.FromSeconds(20), async (_, call) =>
        {
            begun.SetResult();
            var told = new TaskCompletionSource();
            await using CancellationTokenRegistration registration = call.Stopping.Register(told.SetResult);
            await told.Task;
            return "stopping";
        });
        using var channel = GrpcChannel.To(Place, new GrpcChannelOptions());
        Task<string> asking = channel.CallAsync(Methods.Ask, "hello", GrpcCallOptions.None, stop);
        await begun.Task.WaitAsync(s_patience, stop);
        await host.DisposeAsync().AsTask().WaitAsync(s_patience, stop);
        Assert.Equal("stopping", await asking.WaitAsync(s_patience, stop));
    }

    [Fact]
    public async Task Who_starts_while_another_stops_keeps_its_socket()
    {
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        GrpcHost first = await StartAsync([Place], TimeSpan.FromSeconds(20), async (request, _) =>
        {
            begun.SetResult();
            await go.Task;
            return request;
        });
        using var channel = GrpcChannel.To(Place, new GrpcChannelOptions());
        Task<string> asking = channel.CallAsync(Methods.Ask, "hello", GrpcCallOptions.None, stop);
        await begun.Task.WaitAsync(s_patience, stop);
        Task stopping = first.StopAsync(stop);
        await using GrpcHost second = await StartAsync(Place);
        go.SetResult();
        await asking.WaitAsync(s_patience, stop);
        await stopping.WaitAsync(s_patience, stop);
        await first.DisposeAsync();
        Assert.Equal("again", await AskAsync(Place, "again"));
    }

    [Fact]
    public async Task Calls_beyond_those_that_a_connection_carries_wait()
    {
        int underWay = 0, most = 0;
        var options = new GrpcHostOptions { Addresses = [Place], Grace = TimeSpan.Zero, MaxCallsPerConnection = 3 };
        GrpcHandler handler = GrpcHandler.Unary(Methods.Ask, async (request, _) =>
        {
            int now = Interlocked.Increment(ref underWay);
            for (int seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, now, seen);
            await Task.Yield();
            Interlocked.Decrement(ref underWay);
            return request;
        });
        await using GrpcHost host = await GrpcHost.StartAsync(new GrpcServer([handler], new GrpcServerOptions()), options, stop);
        using var channel = GrpcChannel.To(Place, new GrpcChannelOptions());
        // The first makes the connection, and the host's bounds known.
        await channel.CallAsync(Methods.Ask, "first", GrpcCallOptions.None, stop);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => channel.CallAsync(Methods.Ask, "next", GrpcCallOptions.None, stop))).WaitAsync(s_patience, stop);
        Assert.All(answers, static answer => Assert.Equal("next", answer));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Metadata_over_the_limit_is_refused_and_others_are_served()
    {
        await using GrpcHost host = await StartAsync(Place);
        var metadata = new GrpcMetadata();
        for (int i = 0; i < 20; i++) metadata.Add($"much-{i}", new string('x', 8000));
        using var channel = GrpcChannel.To(Place, new GrpcChannelOptions());
        await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Methods.Ask, "", new GrpcCallOptions { Metadata = metadata }, stop).WaitAsync(s_patience, stop));
        Assert.Equal("hello", await AskAsync(Place, "hello"));
    }

    [Fact]
    public async Task A_host_needs_addresses_to_listen_on()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(GrpcAddress.Parse("tcp://storage.example:1000")));
    }

    Task<GrpcHost> StartAsync(params GrpcAddress[] addresses) => StartAsync(addresses, TimeSpan.Zero, (request, _) => Task.FromResult(request));

    Task<GrpcHost> StartAsync(GrpcAddress[] addresses, TimeSpan grace, Func<string, GrpcServerCall, Task<string>> body) => GrpcHost.StartAsync(
        new GrpcServer([GrpcHandler.Unary(Methods.Ask, body)], new GrpcServerOptions()), new GrpcHostOptions { Addresses = addresses, Grace = grace }, stop);

    async Task<string> AskAsync(GrpcAddress address, string text)
    {
        using var channel = GrpcChannel.To(address, new GrpcChannelOptions());
        return await channel.CallAsync(Methods.Ask, text, GrpcCallOptions.None, stop);
    }
}
