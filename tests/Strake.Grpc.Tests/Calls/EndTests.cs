namespace Strake.Grpc.Tests.Calls;

/// <summary>Calls that end before they are done: deadlines, callers that give up, connections that break.</summary>
public sealed class EndTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly CancellationToken stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        var seen = new TaskCompletionSource<TimeSpan?>();
        var ended = new TaskCompletionSource();
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, async (request, call) =>
        {
            seen.SetResult(call.Timeout);
            await UntilCancelledAsync(call, ended);
            return request;
        }));
        var options = new GrpcCallOptions { Timeout = TimeSpan.FromMilliseconds(200) };
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => served.Channel.CallAsync(Methods.Ask, "", options, stop));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, error.Code);
        Assert.Equal(options.Timeout, await seen.Task.WaitAsync(s_patience, stop));
        await ended.Task.WaitAsync(s_patience, stop);
    }

    [Fact]
    public async Task A_server_keeps_a_deadline_that_the_client_forgets()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, async (request, call) =>
        {
            await UntilCancelledAsync(call, new TaskCompletionSource());
            return request;
        }));
        var metadata = new GrpcMetadata();
        metadata.Add(GrpcTimeout.Header, "50m");
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() =>
            served.Channel.CallAsync(Methods.Ask, "", new GrpcCallOptions { Metadata = metadata }, stop));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, error.Code);
    }

    [Fact]
    public async Task A_malformed_deadline_is_refused()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, (request, _) => Task.FromResult(request)));
        var metadata = new GrpcMetadata();
        metadata.Add(GrpcTimeout.Header, "soon");
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() =>
            served.Channel.CallAsync(Methods.Ask, "", new GrpcCallOptions { Metadata = metadata }, stop));
        Assert.Equal(GrpcStatusCode.Internal, error.Code);
    }

    [Fact]
    public async Task Giving_up_tells_the_server()
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, async (request, call) =>
        {
            begun.SetResult();
            await UntilCancelledAsync(call, ended);
            return request;
        }));
        using var giveUp = new CancellationTokenSource();
        Task<string> asking = served.Channel.CallAsync(Methods.Ask, "", GrpcCallOptions.None, giveUp.Token);
        await begun.Task.WaitAsync(s_patience, stop);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await ended.Task.WaitAsync(s_patience, stop);
    }

    [Fact]
    public async Task A_stream_that_is_given_up_never_looks_whole()
    {
        var outcome = new TaskCompletionSource<string>();
        var first = new TaskCompletionSource();
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.ClientStream(Methods.Sum, async (requests, call) =>
        {
            try
            {
                while (await requests.ReadAsync(call.Cancelled) is not null) first.TrySetResult();
                outcome.SetResult("whole");
            }
            catch (Exception e)
            {
                outcome.SetResult(e.GetType().Name);
            }

            return "";
        }));
        await using (GrpcCall<string, string> call = served.Channel.Open(Methods.Sum, GrpcCallOptions.None, stop))
        {
            await call.WriteAsync("one", stop);
            await first.Task.WaitAsync(s_patience, stop);
        }

        Assert.NotEqual("whole", await outcome.Task.WaitAsync(s_patience, stop));
    }

    [Fact]
    public async Task Who_sends_to_a_call_that_the_server_has_ended_learns_why()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.ClientStream<string, string>(
            Methods.Sum, (_, _) => throw new GrpcException(GrpcStatusCode.ResourceExhausted, "enough")));
        await using GrpcCall<string, string> call = served.Channel.Open(Methods.Sum, GrpcCallOptions.None, stop);
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            string block = new('x', 100_000);
            while (true) await call.WriteAsync(block, stop);
        });
        Assert.Equal((GrpcStatusCode.ResourceExhausted, "enough"), (error.Code, error.Message));
    }

    [Fact]
    public async Task A_connection_that_breaks_ends_its_calls_as_unavailable()
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, async (request, call) =>
        {
            begun.SetResult();
            await UntilCancelledAsync(call, ended);
            return request;
        }));
        Stream connection = await served.ConnectAsync();
        using var channel = GrpcChannel.Over(connection, new GrpcChannelOptions());
        Task<string> asking = channel.CallAsync(Methods.Ask, "", GrpcCallOptions.None, stop);
        await begun.Task.WaitAsync(s_patience, stop);
        await connection.DisposeAsync();
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => asking.WaitAsync(s_patience, stop));
        Assert.Equal(GrpcStatusCode.Unavailable, error.Code);
        await ended.Task.WaitAsync(s_patience, stop);

        GrpcException again = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Methods.Ask, "", GrpcCallOptions.None, stop));
        Assert.Equal(GrpcStatusCode.Unavailable, again.Code);
    }

    [Fact]
    public async Task Who_keeps_a_call_beyond_its_end_sees_nothing_of_the_next()
    {
        GrpcServerCall? kept = null;
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, (request, call) =>
        {
            kept ??= call;
            return Task.FromResult(request);
        }));
        var secret = new GrpcMetadata();
        secret.Add("secret", "of another");
        await served.Channel.CallAsync(Methods.Ask, "first", GrpcCallOptions.None, stop);
        await served.Channel.CallAsync(Methods.Ask, "second", new GrpcCallOptions { Metadata = secret }, stop);
        Assert.Throws<InvalidOperationException>(() => kept!.Metadata);
        Assert.True(kept!.Cancelled.IsCancellationRequested);
    }

    [Fact]
    public async Task Disposing_a_channel_ends_its_calls()
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, async (request, call) =>
        {
            begun.SetResult();
            await UntilCancelledAsync(call, ended);
            return request;
        }));
        Task<string> asking = served.Channel.CallAsync(Methods.Ask, "", GrpcCallOptions.None, stop);
        await begun.Task.WaitAsync(s_patience, stop);
        served.Channel.Dispose();
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => asking.WaitAsync(s_patience, stop));
        Assert.Equal(GrpcStatusCode.Unavailable, error.Code);
        await ended.Task.WaitAsync(s_patience, stop);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_ends_streams_before_the_client_keeps_no_other_call_waiting(bool completesFirst)
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Duplex(Methods.Chat, async (requests, responses, call) =>
        {
            while (await requests.ReadAsync(call.Cancelled) is { } text)
            {
                await responses.WriteAsync(text, call.Cancelled);
                if (text == "bye") return;
            }
        }));
        const int rounds = 500;
        await Parallel.ForAsync(0, rounds, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = stop }, async (_, _) =>
        {
            using var channel = GrpcChannel.Over(await served.ConnectAsync(), new GrpcChannelOptions());
            for (int i = 0; i < 4; i++)
            {
                await using GrpcCall<string, string> call = channel.Open(Methods.Chat, GrpcCallOptions.None, stop);
                await call.WriteAsync("hello", stop);
                Assert.Equal("hello", await call.ReadAsync(stop).AsTask().WaitAsync(s_patience, stop));
                await call.WriteAsync("bye", stop);
                if (completesFirst) call.Complete();
                Assert.Equal("bye", await call.ReadAsync(stop).AsTask().WaitAsync(s_patience, stop));
                Assert.Null(await call.ReadAsync(stop).AsTask().WaitAsync(s_patience, stop));
            }
        });
    }

    static async Task UntilCancelledAsync(GrpcServerCall call, TaskCompletionSource ended)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, call.Cancelled);
        }
        finally
        {
            ended.SetResult();
        }
    }
}
