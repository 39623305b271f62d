using System.Net.Sockets;

namespace Strake.Grpc.Tests.Fuzz;

/// <summary>A client whose server is broken or hostile: each call ends, with an answer or an error that says what was wrong.</summary>
public sealed class ClientFuzzTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly CancellationToken stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spoilt_answers_end_calls()
    {
        for (int round = 0; round < FuzzSettings.Rounds; round++)
        {
            int seed = FuzzSettings.Seed + round;
            await using HostileServer server = await HostileServer.StartAsync();
            Task<string> asking = server.Channel.CallAsync(Methods.Ask, "hello", GrpcCallOptions.None, stop);
            await AnswerAsync(server, Mutation.Spoil(Answer(), new Random(seed)));
            await EndsAsync(asking, seed);
        }
    }

    [Fact]
    public async Task Spoilt_messages_end_streams()
    {
        for (int round = 0; round < FuzzSettings.Rounds / 2; round++)
        {
            int seed = FuzzSettings.Seed + round;
            var random = new Random(seed);
            await using HostileServer server = await HostileServer.StartAsync();
            await using GrpcCall<string, string> call = server.Channel.Open(Methods.Chat, GrpcCallOptions.None, stop);
            Task<string> reading = ReadAllAsync(call);
            byte[] messages = Mutation.Spoil([Http2Bytes.Message("one"), Http2Bytes.Message("broken"), Http2Bytes.Message(new string('x', 300))], random);
            await AnswerAsync(
                server,
                [
                    .. Answer()[0], .. Answer()[1], .. Answer()[2],
                    .. messages.Chunk(random.Next(1, 16_000)).SelectMany(static part => Http2Bytes.Frame(Http2Bytes.Data, 0, 1, part)),
                    .. Answer()[4],
                ]);
            await EndsAsync(reading, seed);
        }
    }

    [Fact]
    public async Task A_proper_answer_is_one()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        Task<string> asking = server.Channel.CallAsync(Methods.Ask, "hello", GrpcCallOptions.None, stop);
        await AnswerAsync(server, [.. Answer().SelectMany(static frame => frame)]);
        Assert.Equal("answer", await asking.WaitAsync(s_patience, stop));
    }

    [Fact]
    public async Task A_server_that_says_nothing_meets_the_deadline()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        var options = new GrpcCallOptions { Timeout = TimeSpan.FromMilliseconds(100) };
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => server.Channel.CallAsync(Methods.Ask, "hello", options, stop).WaitAsync(s_patience, stop));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, error.Code);
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("settings")]
    [InlineData("continuation")]
    [InlineData("informational")]
    public async Task Who_floods_and_reads_nothing_is_not_listened_to_for_ever(string kind)
    {
        await using HostileServer server = await HostileServer.StartAsync();
        Task<string> asking = server.Channel.CallAsync(Methods.Ask, "hello", GrpcCallOptions.None, stop);
        await server.AskedAsync(reads: false);
        await server.Socket.SendAsync(Http2Bytes.Frame(Http2Bytes.Settings, 0, 0), stop);
        if (kind is "continuation") await server.Socket.SendAsync(Http2Bytes.Frame(Http2Bytes.Headers, 0, 1, Http2Bytes.Block((":status", "200"))), stop);
        await Flood.SendAsync(server.Socket, Piece(kind), stop);
        server.Socket.Dispose();
        await EndsAsync(asking, seed: 0);
    }

    [Fact]
    public async Task A_message_that_announces_too_much_is_refused_before_it_comes()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        Task<string> asking = server.Channel.CallAsync(Methods.Ask, "hello", GrpcCallOptions.None, stop);
        await server.AskedAsync();
        await server.Socket.SendAsync(
            (byte[])[.. Answer()[0], .. Answer()[2], .. Http2Bytes.Frame(Http2Bytes.Data, 0, 1, Http2Bytes.Message(0, uint.MaxValue, "x"))], stop);
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => asking.WaitAsync(s_patience, stop));
        Assert.Equal(GrpcStatusCode.ResourceExhausted, error.Code);
    }

    [Fact]
    public async Task A_server_that_sends_more_than_it_announced_ends_the_call()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        Task<string> asking = server.Channel.CallAsync(Methods.Ask, "hello", GrpcCallOptions.None, stop);
        await server.AskedAsync();
        await server.Socket.SendAsync((byte[])[.. Answer()[0], .. Answer()[2], .. Http2Bytes.Frame(Http2Bytes.Data, 0, 1, Http2Bytes.Message(0, 4 * 1024 * 1024, ""))], stop);
        byte[] more = Http2Bytes.Frame(Http2Bytes.Data, 0, 1, new byte[16_000]);
        try
        {
            // It pays no regard to windows either.
            for (int i = 0; i < 300; i++) await server.Socket.SendAsync(more, stop);
        }
        catch (SocketException)
        {
            // Which the client may take as a reason to end the connection.
            Assert.NotEmpty(more);
        }

        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => asking.WaitAsync(s_patience, stop));
        Assert.Contains(error.Code, (GrpcStatusCode[])[GrpcStatusCode.Internal, GrpcStatusCode.Unavailable]);
    }

    [Fact]
    public async Task Metadata_has_a_limit()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        Task<string> asking = server.Channel.CallAsync(Methods.Ask, "hello", GrpcCallOptions.None, stop);
        byte[] much = [.. Enumerable.Range(0, 1000).SelectMany(static _ => Http2Bytes.Block(("x-much", new string('y', 100))))];
        await server.AskedAsync();
        byte[][] parts = [.. much.Chunk(16 * 1024)];
        await server.Socket.SendAsync((byte[])[.. Answer()[0], .. Http2Bytes.Frame(Http2Bytes.Headers, 0, 1, Http2Bytes.Block((":status", "200")))], stop);
        foreach (byte[] part in parts) await server.Socket.SendAsync(Http2Bytes.Frame(Http2Bytes.Continuation, part == parts[^1] ? Http2Bytes.EndHeaders : (byte)0, 1, part), stop);
        await Assert.ThrowsAsync<GrpcException>(() => asking.WaitAsync(s_patience, stop));
    }

    static byte[] Piece(string kind) => kind switch
    {
        "ping" => Http2Bytes.Frame(Http2Bytes.Ping, 0, 0, new byte[8]),
        "settings" => Http2Bytes.Frame(Http2Bytes.Settings, 0, 0, 0, 3, 0, 0, 0, 100),
        "continuation" => Http2Bytes.Frame(Http2Bytes.Continuation, 0, 1, Http2Bytes.Block(("x-more", "and more"))),
        _ => Http2Bytes.Frame(Http2Bytes.Headers, Http2Bytes.EndHeaders, 1, Http2Bytes.Block((":status", "103"), ("x-more", "and more"))),
    };

    static byte[][] Answer() =>
    [
        Http2Bytes.Frame(Http2Bytes.Settings, 0, 0, 0, 3, 0, 0, 0, 100),
        Http2Bytes.Frame(Http2Bytes.Settings, Http2Bytes.Acknowledge, 0),
        Http2Bytes.Frame(Http2Bytes.Headers, Http2Bytes.EndHeaders, 1, Http2Bytes.Block((":status", "200"), ("content-type", "application/grpc"), ("key", "value"))),
        Http2Bytes.Frame(Http2Bytes.Data, 0, 1, Http2Bytes.Message("answer")),
        Http2Bytes.Frame(Http2Bytes.Headers, Http2Bytes.EndHeaders | Http2Bytes.EndStream, 1, Http2Bytes.Block(("grpc-status", "0"), ("grpc-message", "50%25"), ("x-bin", "AAE"))),
    ];

    async Task AnswerAsync(HostileServer server, byte[] bytes)
    {
        try
        {
            await server.AskedAsync();
            await server.Socket.SendAsync(bytes, stop);
            server.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The client has had enough.
            Assert.NotEmpty(bytes);
        }
    }

    static async Task<string> ReadAllAsync(GrpcCall<string, string> call)
    {
        string all = "";
        while (await call.ReadAsync(TestContext.Current.CancellationToken) is { } text) all += text;
        return all;
    }

    async Task EndsAsync(Task<string> call, int seed)
    {
        try
        {
            Assert.NotNull(await call.WaitAsync(s_patience, stop));
        }
        catch (GrpcException e)
        {
            Assert.NotEqual(GrpcStatusCode.Ok, e.Code);
        }
        catch (Exception e)
        {
            Assert.Fail($"seed {seed}: {e}");
        }
    }
}
