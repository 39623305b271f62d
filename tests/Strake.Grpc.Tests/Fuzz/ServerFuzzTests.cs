using System.Globalization;
using System.Net.Sockets;

namespace Strake.Grpc.Tests.Fuzz;

/// <summary>A server that is sent what no proper client sends: it answers others as if nothing were.</summary>
public sealed class ServerFuzzTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly CancellationToken stop = TestContext.Current.CancellationToken;
    int underWay;

    [Fact]
    public async Task Spoilt_frames_harm_nobody_else()
    {
        await using ServedCalls served = await StartAsync();
        for (int round = 0; round < FuzzSettings.Rounds; round++)
        {
            int seed = FuzzSettings.Seed + round;
            using Socket socket = await ConnectAsync(served);
            byte[] spoilt = [.. Http2Bytes.Preface, .. Mutation.Spoil(Conversation(), new Random(seed))];
            await SayAsync(socket, seed % 16 == 0 ? Mutation.Spoil([spoilt], new Random(seed)) : spoilt, seed);
            if (round % 50 == 0) await AnswersAsync(served, seed);
        }

        await AnswersAsync(served, FuzzSettings.Seed);
        await QuietAsync();
    }

    [Fact]
    public async Task Spoilt_messages_harm_nobody_else()
    {
        await using ServedCalls served = await StartAsync();
        for (int round = 0; round < FuzzSettings.Rounds / 4; round++)
        {
            int seed = FuzzSettings.Seed + round;
            var random = new Random(seed);
            byte[] messages = Mutation.Spoil([Http2Bytes.Message("one"), Http2Bytes.Message("broken"), Http2Bytes.Message(new string('x', 300))], random);
            string path = new[] { Methods.Ask, Methods.Sum, Methods.Count, Methods.Chat }[random.Next(4)].Path;
            using Socket socket = await ConnectAsync(served);
            byte[] proper =
            [
                .. Http2Bytes.Preface, .. Http2Bytes.Frame(Http2Bytes.Settings, 0, 0),
                .. Http2Bytes.Frame(Http2Bytes.Headers, Http2Bytes.EndHeaders, 1, Http2Bytes.Request(path)),
                .. messages.Chunk(random.Next(1, 16_000)).SelectMany(static part => Http2Bytes.Frame(Http2Bytes.Data, 0, 1, part)),
                .. Http2Bytes.Frame(Http2Bytes.Data, Http2Bytes.EndStream, 1),
            ];
            await SayAsync(socket, proper, seed);
        }

        await AnswersAsync(served, FuzzSettings.Seed);
        await QuietAsync();
    }

    public static TheoryData<string> Floods => ["ping", "settings", "reset", "headers", "continuation", "empty data", "unknown"];

    [Theory]
    [MemberData(nameof(Floods))]
    public async Task Who_floods_and_reads_no_answer_is_not_listened_to_for_ever(string kind)
    {
        await using ServedCalls served = await StartAsync();
        using Socket socket = await ConnectAsync(served);
        await socket.SendAsync(Http2Bytes.Preface, stop);
        await socket.SendAsync(Http2Bytes.Frame(Http2Bytes.Settings, 0, 0), stop);
        if (kind is "empty data" or "continuation")
        {
            byte flags = kind is "continuation" ? (byte)0 : Http2Bytes.EndHeaders;
            await socket.SendAsync(Http2Bytes.Frame(Http2Bytes.Headers, flags, 1, Http2Bytes.Request(Methods.Chat.Path)), stop);
        }

        if (kind is "reset" or "headers") await FloodStreamsAsync(socket, isReset: kind is "reset");
        else if (kind is "unknown" or "empty data") await DrainedAsync(socket, Piece(kind));
        else await Flood.SendAsync(socket, Piece(kind), stop);
        await AnswersAsync(served, seed: 0);
        socket.Dispose();
        await QuietAsync();
    }

    static byte[] Piece(string kind) => kind switch
    {
        "ping" => Http2Bytes.Frame(Http2Bytes.Ping, 0, 0, new byte[8]),
        "settings" => Http2Bytes.Frame(Http2Bytes.Settings, 0, 0, 0, 3, 0, 0, 0, 100),
        "continuation" => Http2Bytes.Frame(Http2Bytes.Continuation, 0, 1, Http2Bytes.Block(("x-more", "and more"))),
        "unknown" => Http2Bytes.Frame(0xAA, 0, 0, new byte[10_000]),
        _ => Http2Bytes.Frame(Http2Bytes.Data, 0, 1),
    };

    // What needs no answer and no memory may go on for ever.
    async Task DrainedAsync(Socket socket, byte[] piece)
    {
        byte[] many = [.. Enumerable.Repeat(piece, Math.Max(1, 32 * 1024 / piece.Length)).SelectMany(static part => part)];
        for (int i = 0; i < 200; i++) await socket.SendAsync(many, stop).AsTask().WaitAsync(s_patience, stop);
    }

    // Each stream is a new one, so that the piece is never the same.
    async Task FloodStreamsAsync(Socket socket, bool isReset)
    {
        try
        {
            for (int stream = 1; stream < 400_000; stream += 2)
            {
                byte[] opened = Http2Bytes.Frame(Http2Bytes.Headers, Http2Bytes.EndHeaders, stream, Http2Bytes.Request(Methods.Chat.Path));
                byte[] piece = isReset ? [.. opened, .. Http2Bytes.Frame(Http2Bytes.Reset, 0, stream, 0, 0, 0, 8)] : opened;
                using var blocked = CancellationTokenSource.CreateLinkedTokenSource(stop);
                blocked.CancelAfter(TimeSpan.FromSeconds(1));
                await socket.SendAsync(piece, blocked.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            Assert.False(stop.IsCancellationRequested);
        }
    }

    static IEnumerable<byte[]> Conversation() =>
    [
        Http2Bytes.Frame(Http2Bytes.Settings, 0, 0, 0, 4, 0, 1, 0, 0),
        Http2Bytes.Frame(Http2Bytes.Settings, Http2Bytes.Acknowledge, 0),
        Http2Bytes.Frame(Http2Bytes.Headers, Http2Bytes.EndHeaders, 1, Http2Bytes.Request(Methods.Ask.Path)),
        Http2Bytes.Frame(Http2Bytes.Data, Http2Bytes.EndStream, 1, Http2Bytes.Message("hello")),
        Http2Bytes.Frame(Http2Bytes.Ping, 0, 0, new byte[8]),
        Http2Bytes.Frame(Http2Bytes.Headers, 0, 3, Http2Bytes.Request(Methods.Chat.Path)[..40]),
        Http2Bytes.Frame(Http2Bytes.Continuation, Http2Bytes.EndHeaders, 3, Http2Bytes.Request(Methods.Chat.Path)[40..]),
        Http2Bytes.Frame(Http2Bytes.Data, 0, 3, Http2Bytes.Message("one")),
        Http2Bytes.Frame(Http2Bytes.Data, Http2Bytes.EndStream, 3, Http2Bytes.Message("two")),
        Http2Bytes.Frame(Http2Bytes.Headers, Http2Bytes.EndHeaders, 5, [.. Http2Bytes.Request(Methods.Count.Path), .. Http2Bytes.Block(("grpc-timeout", "1S"), ("raw-bin", "AAE"))]),
        Http2Bytes.Frame(Http2Bytes.Data, Http2Bytes.EndStream, 5, Http2Bytes.Message("9")),
        Http2Bytes.Frame(Http2Bytes.Reset, 0, 5, 0, 0, 0, 8),
    ];

    // Whatever it is, the server comes to the connection's end.
    async Task SayAsync(Socket socket, byte[] bytes, int seed)
    {
        try
        {
            await socket.SendAsync(bytes, stop);
            socket.Shutdown(SocketShutdown.Send);
            var answer = new byte[16 * 1024];
            while (await socket.ReceiveAsync(answer, stop).AsTask().WaitAsync(s_patience, stop) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Cut off, which is an answer.
            Assert.True(seed >= 0);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"seed {seed}: the connection does not end");
        }
    }

    async Task AnswersAsync(ServedCalls served, int seed)
    {
        using var channel = GrpcChannel.ToUnixSocket(served.SocketPath, new GrpcChannelOptions());
        Assert.Equal($"still here {seed}", await channel.CallAsync(Methods.Ask, $"still here {seed}", GrpcCallOptions.None, stop).WaitAsync(s_patience, stop));
    }

    // No call of a connection that has ended stays.
    async Task QuietAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(s_patience);
        while (Volatile.Read(ref underWay) > 0) await timer.WaitForNextTickAsync(limit.Token);
    }

    async Task<Socket> ConnectAsync(ServedCalls served)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(served.SocketPath), stop);
        return socket;
    }

    Task<ServedCalls> StartAsync() => ServedCalls.StartAsync(
        GrpcHandler.Unary(Methods.Ask, (request, _) => Task.FromResult(request)),
        GrpcHandler.ClientStream(Methods.Sum, (requests, call) => CountedAsync(async () =>
        {
            int count = 0;
            while (await requests.ReadAsync(call.Cancelled) is not null) count++;
            return count.ToString(CultureInfo.InvariantCulture);
        })),
        GrpcHandler.ServerStream(Methods.Count, (request, responses, call) => CountedAsync(async () =>
        {
            for (int i = 0; i < 100; i++) await responses.WriteAsync(request, call.Cancelled);
            return request;
        })),
        GrpcHandler.Duplex(Methods.Chat, (requests, responses, call) => CountedAsync(async () =>
        {
            while (await requests.ReadAsync(call.Cancelled) is { } request) await responses.WriteAsync(request, call.Cancelled);
            return "";
        })));

    async Task<string> CountedAsync(Func<Task<string>> body)
    {
        Interlocked.Increment(ref underWay);
        try
        {
            return await body();
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }
}
