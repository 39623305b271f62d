namespace Strake.Grpc.Tests.Health;

/// <summary>What a server says of itself.</summary>
public sealed class HealthTests
{
    const string Service = "strake.test.Talk";
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly CancellationToken stop = TestContext.Current.CancellationToken;
    readonly HealthService health = new();

    [Fact]
    public async Task A_server_serves_from_the_start_and_services_once_they_are_set()
    {
        await using ServedCalls served = await ServedCalls.StartAsync([.. health.Handlers]);
        Assert.Equal(ServingStatus.Serving, await GrpcHealth.CheckAsync(served.Channel, "", GrpcCallOptions.None, stop));
        Assert.Equal(ServingStatus.ServiceUnknown, await GrpcHealth.CheckAsync(served.Channel, Service, GrpcCallOptions.None, stop));
        health.Set(Service, ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, await GrpcHealth.CheckAsync(served.Channel, Service, GrpcCallOptions.None, stop));
    }

    [Fact]
    public async Task A_watch_tells_how_it_is_and_each_change()
    {
        await using ServedCalls served = await ServedCalls.StartAsync([.. health.Handlers]);
        await using IAsyncEnumerator<ServingStatus> seen = GrpcHealth.WatchAsync(served.Channel, Service, GrpcCallOptions.None, stop).GetAsyncEnumerator(stop);
        foreach (ServingStatus status in new[] { ServingStatus.ServiceUnknown, ServingStatus.Serving, ServingStatus.NotServing, ServingStatus.Serving })
        {
            if (status is not ServingStatus.ServiceUnknown) health.Set(Service, status);
            Assert.True(await seen.MoveNextAsync().AsTask().WaitAsync(s_patience, stop));
            Assert.Equal(status, seen.Current);
            // Changes of others, and what is no change, are not told.
            health.Set("other", status);
        }
    }

    [Fact]
    public async Task A_server_without_it_says_so()
    {
        await using ServedCalls served = await ServedCalls.StartAsync();
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => GrpcHealth.CheckAsync(served.Channel, "", GrpcCallOptions.None, stop));
        Assert.Equal(GrpcStatusCode.Unimplemented, error.Code);
    }

    [Fact]
    public async Task A_watch_does_not_keep_a_host_from_stopping()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("strake-grpc-");
        GrpcAddress place = GrpcAddress.Unix(Path.Combine(folder.FullName, "calls.sock"));
        var options = new GrpcHostOptions { Addresses = [place], Grace = TimeSpan.FromMinutes(10) };
        GrpcHost host = await GrpcHost.StartAsync(new GrpcServer(health.Handlers, new GrpcServerOptions()), options, stop);
        using var channel = GrpcChannel.To(place, new GrpcChannelOptions());
        await using IAsyncEnumerator<ServingStatus> seen = GrpcHealth.WatchAsync(channel, "", GrpcCallOptions.None, stop).GetAsyncEnumerator(stop);
        Assert.True(await seen.MoveNextAsync());
        await host.DisposeAsync().AsTask().WaitAsync(s_patience, stop);
        GrpcException end = await Assert.ThrowsAsync<GrpcException>(async () => await seen.MoveNextAsync());
        Assert.Equal(GrpcStatusCode.Unavailable, end.Code);
        folder.Delete(recursive: true);
    }
}
