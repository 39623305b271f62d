using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace Strake.Grpc.Tests.Calls;

/// <summary>Calls of every kind from our client to our server, over a real connection.</summary>
public sealed class CallTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly CancellationToken stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_message_goes_and_one_comes_back()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, (request, _) => Task.FromResult(request + "!")));
        Assert.Equal("hello!", await served.Channel.CallAsync(Methods.Ask, "hello", GrpcCallOptions.None, stop));
        Assert.Equal("!", await served.Channel.CallAsync(Methods.Ask, "", GrpcCallOptions.None, stop));
    }

    [Fact]
    public async Task Many_calls_share_a_connection()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, (request, _) => Task.FromResult(request)));
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 500)
            .Select(i => served.Channel.CallAsync(Methods.Ask, i.ToString(CultureInfo.InvariantCulture), GrpcCallOptions.None, stop)));
        Assert.Equal(Enumerable.Range(0, 500).Select(static i => i.ToString(CultureInfo.InvariantCulture)), answers);
    }

    [Fact]
    public async Task A_server_streams()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.ServerStream(Methods.Count, async (request, responses, call) =>
        {
            for (int i = 0; i < int.Parse(request, CultureInfo.InvariantCulture); i++)
                await responses.WriteAsync(i.ToString(CultureInfo.InvariantCulture), call.Cancelled);
        }));
        await using GrpcCall<string, string> call = served.Channel.Open(Methods.Count, "1000", GrpcCallOptions.None, stop);
        Assert.Equal(Enumerable.Range(0, 1000).Select(static i => i.ToString(CultureInfo.InvariantCulture)), await AllAsync(call));
        Assert.Null(await call.ReadAsync(stop));
    }

    [Fact]
    public async Task A_server_that_streams_nothing_ends_well()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.ServerStream(Methods.Count, (_, _, _) => Task.CompletedTask));
        await using GrpcCall<string, string> call = served.Channel.Open(Methods.Count, "", GrpcCallOptions.None, stop);
        Assert.Empty(await AllAsync(call));
    }

    [Fact]
    public async Task A_client_streams()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.ClientStream(Methods.Sum, async (requests, call) =>
        {
            int sum = 0;
            while (await requests.ReadAsync(call.Cancelled) is { } number) sum += int.Parse(number, CultureInfo.InvariantCulture);
            return sum.ToString(CultureInfo.InvariantCulture);
        }));
        await using GrpcCall<string, string> call = served.Channel.Open(Methods.Sum, GrpcCallOptions.None, stop);
        await call.WriteAsync("1", stop);
        await call.WriteAllAsync(["2", "3", "4"], stop);
        call.Complete();
        Assert.Equal("10", await call.ReadAsync(stop));
        Assert.Null(await call.ReadAsync(stop));
    }

    [Fact]
    public async Task Both_sides_talk_at_once()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(Echo());
        await using GrpcCall<string, string> call = served.Channel.Open(Methods.Chat, GrpcCallOptions.None, stop);
        for (int i = 0; i < 100; i++)
        {
            string text = i.ToString(CultureInfo.InvariantCulture);
            await call.WriteAsync(text, stop);
            Assert.Equal(text, await call.ReadAsync(stop));
        }

        call.Complete();
        Assert.Null(await call.ReadAsync(stop));
    }

    [Fact]
    public async Task A_server_may_speak_first()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Duplex(Methods.Chat, async (requests, responses, call) =>
        {
            call.ResponseMetadata.Add("greeting", "yes");
            await call.BeginAsync();
            await responses.WriteAsync("welcome", call.Cancelled);
            await responses.WriteAsync(await requests.ReadAsync(call.Cancelled) ?? "nothing", call.Cancelled);
        }));
        await using GrpcCall<string, string> call = served.Channel.Open(Methods.Chat, GrpcCallOptions.None, stop);
        Assert.Equal("yes", (await call.HeadersAsync(stop)).Find("greeting"));
        Assert.Equal("welcome", await call.ReadAsync(stop));
        await call.WriteAsync("thanks", stop);
        Assert.Equal("thanks", await call.ReadAsync(stop));
    }

    [Fact]
    public async Task Many_megabytes_pass_both_ways()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(Echo());
        await using GrpcCall<string, string> call = served.Channel.Open(Methods.Chat, GrpcCallOptions.None, stop);
        string block = new('x', 1_000_000);
        Task sending = Task.Run(
            async () =>
            {
                for (int i = 0; i < 64; i++) await call.WriteAsync(block, stop);
                call.Complete();
            },
            stop);
        long total = 0;
        while (await call.ReadAsync(stop) is { } got) total += got.Length;
        await sending;
        Assert.Equal(64_000_000, total);
    }

    [Fact]
    public async Task Who_does_not_read_holds_the_server_back()
    {
        int sent = 0;
        var ended = new TaskCompletionSource();
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.ServerStream(Methods.Count, async (_, responses, call) =>
        {
            try
            {
                while (true)
                {
                    await responses.WriteAsync(new string('x', 100_000), call.Cancelled);
                    Interlocked.Increment(ref sent);
                }
            }
            finally
            {
                ended.SetResult();
            }
        }));
        await using (GrpcCall<string, string> call = served.Channel.Open(Methods.Count, "", GrpcCallOptions.None, stop))
        {
            Assert.NotNull(await call.ReadAsync(stop));
            await StandstillAsync(() => Volatile.Read(ref sent));
            Assert.InRange(Volatile.Read(ref sent), 1, 100);
        }

        await ended.Task.WaitAsync(s_patience, stop);
    }

    [Fact]
    public async Task A_status_reaches_the_caller_with_message_and_details()
    {
        var status = new GrpcStatus(GrpcStatusCode.NotFound, "no such thing: 50% grün\nsecond line") { Details = new byte[] { 8, 5, 0, 255 } };
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, (_, _) => throw new GrpcException(status)));
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => served.Channel.CallAsync(Methods.Ask, "", GrpcCallOptions.None, stop));
        Assert.Equal((status.Code, status.Message), (error.Code, error.Status.Message));
        Assert.Equal(status.Details.ToArray(), error.Status.Details.ToArray());
    }

    [Fact]
    public async Task Details_of_any_type_come_with_a_status()
    {
        GrpcStatus status = GrpcStatus.With(GrpcStatusCode.Aborted, "busy", Any.Pack(new Duration { Seconds = 7 }), Any.Pack(new StringValue { Value = "why" }));
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, (_, _) => throw new GrpcException(status)));
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => served.Channel.CallAsync(Methods.Ask, "", GrpcCallOptions.None, stop));
        IReadOnlyList<Any> details = error.Status.ReadDetails();
        Assert.Equal((GrpcStatusCode.Aborted, "busy", 2), (error.Code, error.Message, details.Count));
        Assert.Equal((7, "why"), (details[0].Unpack<Duration>().Seconds, details[1].Unpack<StringValue>().Value));
        Assert.Empty(new GrpcStatus(GrpcStatusCode.Aborted) { Details = new byte[] { 255 } }.ReadDetails());
    }

    [Fact]
    public async Task What_the_server_says_last_comes_with_the_status()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(
            GrpcHandler.Unary(Methods.Ask, (request, call) =>
            {
                call.ResponseTrailers.Add("last", "words");
                return Task.FromResult(request);
            }),
            GrpcHandler.Unary(Methods.Sum, (_, call) =>
            {
                call.ResponseTrailers.Add("last", "words");
                throw new GrpcException(GrpcStatusCode.Aborted, "busy");
            }));
        await using GrpcCall<string, string> asking = served.Channel.Open(Methods.Ask, "", GrpcCallOptions.None, stop);
        Assert.Single(await AllAsync(asking));
        Assert.Equal("words", asking.ResponseTrailers.Find("last"));
        await using GrpcCall<string, string> failing = served.Channel.Open(Methods.Sum, "", GrpcCallOptions.None, stop);
        await Assert.ThrowsAsync<GrpcException>(() => AllAsync(failing));
        Assert.Equal("words", failing.ResponseTrailers.Find("last"));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_not_even_sent()
    {
        var options = new GrpcServerOptions { MaxSentMessageBytes = 10 };
        await using ServedCalls served = await ServedCalls.StartAsync(options, GrpcHandler.Unary(Methods.Ask, (request, _) => Task.FromResult(request)));
        GrpcException answered = await Assert.ThrowsAsync<GrpcException>(() => served.Channel.CallAsync(Methods.Ask, "eleven bytes", GrpcCallOptions.None, stop));
        Assert.Equal(GrpcStatusCode.ResourceExhausted, answered.Code);
        using var channel = GrpcChannel.ToUnixSocket(served.SocketPath, new GrpcChannelOptions { MaxSentMessageBytes = 5 });
        GrpcException asked = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Methods.Ask, "sixths", GrpcCallOptions.None, stop));
        Assert.Equal(GrpcStatusCode.ResourceExhausted, asked.Code);
        Assert.Equal("fifth", await channel.CallAsync(Methods.Ask, "fifth", GrpcCallOptions.None, stop));
    }

    [Fact]
    public async Task A_status_comes_after_messages_too()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.ServerStream(Methods.Count, async (_, responses, call) =>
        {
            await responses.WriteAsync("one", call.Cancelled);
            throw new GrpcException(GrpcStatusCode.DataLoss, "half way");
        }));
        await using GrpcCall<string, string> call = served.Channel.Open(Methods.Count, "", GrpcCallOptions.None, stop);
        Assert.Equal("one", await call.ReadAsync(stop));
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(async () => await call.ReadAsync(stop));
        Assert.Equal((GrpcStatusCode.DataLoss, "half way"), (error.Code, error.Message));
    }

    [Fact]
    public async Task Exceptions_are_told_as_the_server_describes_them()
    {
        var options = new GrpcServerOptions { Describe = static e => e is InvalidDataException ? new GrpcStatus(GrpcStatusCode.InvalidArgument, "bad: " + e.Message) : null };
        await using ServedCalls served = await ServedCalls.StartAsync(options, GrpcHandler.Unary<string, string>(Methods.Ask, (request, _) =>
            throw (request is "data" ? new InvalidDataException("x") : new InvalidOperationException("a defect"))));
        GrpcException known = await Assert.ThrowsAsync<GrpcException>(() => served.Channel.CallAsync(Methods.Ask, "data", GrpcCallOptions.None, stop));
        Assert.Equal((GrpcStatusCode.InvalidArgument, "bad: x"), (known.Code, known.Message));
        GrpcException defect = await Assert.ThrowsAsync<GrpcException>(() => served.Channel.CallAsync(Methods.Ask, "other", GrpcCallOptions.None, stop));
        Assert.Equal((GrpcStatusCode.Internal, "a defect"), (defect.Code, defect.Message));
    }

    [Fact]
    public async Task A_method_that_is_not_there_is_unimplemented()
    {
        await using ServedCalls served = await ServedCalls.StartAsync();
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => served.Channel.CallAsync(Methods.Ask, "", GrpcCallOptions.None, stop));
        Assert.Equal(GrpcStatusCode.Unimplemented, error.Code);
        Assert.Contains("/strake.test.Talk/Ask", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        using var channel = GrpcChannel.ToUnixSocket("/nonexistent/calls.sock", new GrpcChannelOptions());
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Methods.Ask, "", GrpcCallOptions.None, stop));
        Assert.Equal(GrpcStatusCode.Unavailable, error.Code);
    }

    [Fact]
    public async Task What_is_no_message_is_an_error_on_either_side()
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, (request, _) => Task.FromResult(request)));
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => served.Channel.CallAsync(Methods.Ask, "broken", GrpcCallOptions.None, stop));
        Assert.Equal((GrpcStatusCode.Internal, "no text"), (error.Code, error.Message));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_by_whoever_reads_it()
    {
        var options = new GrpcServerOptions { MaxMessageBytes = 1000 };
        await using ServedCalls served = await ServedCalls.StartAsync(
            options,
            GrpcHandler.Unary(Methods.Ask, (request, _) => Task.FromResult(request)),
            GrpcHandler.Unary(Methods.Sum, (_, _) => Task.FromResult(new string('x', 4 * 1024 * 1024 + 1))));
        GrpcException asked = await Assert.ThrowsAsync<GrpcException>(() => served.Channel.CallAsync(Methods.Ask, new string('x', 1001), GrpcCallOptions.None, stop));
        Assert.Equal(GrpcStatusCode.ResourceExhausted, asked.Code);
        GrpcException answered = await Assert.ThrowsAsync<GrpcException>(() => served.Channel.CallAsync(Methods.Sum, "", GrpcCallOptions.None, stop));
        Assert.Equal(GrpcStatusCode.ResourceExhausted, answered.Code);
        Assert.Equal(1000, (await served.Channel.CallAsync(Methods.Ask, new string('x', 1000), GrpcCallOptions.None, stop)).Length);
    }

    [Fact]
    public async Task Metadata_passes_with_repetitions_commas_and_bytes()
    {
        GrpcMetadata? seen = null;
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, (request, call) =>
        {
            seen = call.Metadata;
            return Task.FromResult(request);
        }));
        var metadata = new GrpcMetadata();
        metadata.Add("exclude-patterns", "a, b");
        metadata.Add("exclude-patterns", "**/*.o");
        metadata.Add("single", "x,y");
        metadata.Add("exclude-patterns", "");
        metadata.AddBytes("raw-bin", [1, 2, 3]);
        await served.Channel.CallAsync(Methods.Ask, "", new GrpcCallOptions { Metadata = metadata }, stop);
        Assert.Equal(["a, b", "**/*.o", ""], seen!.All("exclude-patterns"));
        Assert.Equal(["x,y"], seen.All("single"));
        Assert.Equal([1, 2, 3], seen.FindBytes("raw-bin")!);
    }

    [Fact]
    public async Task Metadata_longer_than_a_frame_passes()
    {
        GrpcMetadata? seen = null;
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, (request, call) =>
        {
            seen = call.Metadata;
            return Task.FromResult(request);
        }));
        var metadata = new GrpcMetadata();
        string[] patterns = [.. Enumerable.Range(0, 90).Select(static i => new string((char)('a' + (i % 26)), 200 + i))];
        foreach (string pattern in patterns) metadata.Add("exclude-patterns", pattern);
        await served.Channel.CallAsync(Methods.Ask, "", new GrpcCallOptions { Metadata = metadata }, stop);
        Assert.Equal(patterns, seen!.All("exclude-patterns"));
    }

    static GrpcHandler Echo() => GrpcHandler.Duplex(Methods.Chat, async (requests, responses, call) =>
    {
        while (await requests.ReadAsync(call.Cancelled) is { } text) await responses.WriteAsync(text, call.Cancelled);
    });

    static async Task<List<string>> AllAsync(GrpcCall<string, string> call)
    {
        var all = new List<string>();
        while (await call.ReadAsync(TestContext.Current.CancellationToken) is { } text) all.Add(text);
        return all;
    }

    // No signal tells that something does not happen: three looks apart from one another that see the same.
    static async Task StandstillAsync(Func<int> value)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        int last = -1;
        for (int same = 0; same < 3;)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            int now = value();
            same = now == last ? same + 1 : 0;
            last = now;
        }
    }
}
