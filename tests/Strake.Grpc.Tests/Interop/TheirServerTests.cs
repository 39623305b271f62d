using System.Globalization;

namespace Strake.Grpc.Tests.Interop;

/// <summary>Our client, calling a server of <c>@grpc/grpc-js</c>.</summary>
public sealed class TheirServerTests : IDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly CancellationToken stop = TestContext.Current.CancellationToken;
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("strake-grpc-");

    string Place => Path.Combine(folder.FullName, "calls.sock");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Calls_of_every_kind_are_answered()
    {
        await using NodeScript server = await StartAsync();
        using var channel = GrpcChannel.ToUnixSocket(Place, new GrpcChannelOptions());
        Assert.Equal("hello", await AskAsync(channel, "hello"));
        Assert.Equal(3_000_000, (await AskAsync(channel, "long 3000000")).Length);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => AskAsync(channel, i.ToString(CultureInfo.InvariantCulture))));
        Assert.Equal(Enumerable.Range(0, 300).Select(static i => i.ToString(CultureInfo.InvariantCulture)), answers);

        await using (GrpcCall<string, string> counting = channel.Open(Methods.Count, "1000", GrpcCallOptions.None, stop))
            Assert.Equal(1000, (await AllAsync(counting)).Count);

        await using (GrpcCall<string, string> summing = channel.Open(Methods.Sum, GrpcCallOptions.None, stop))
        {
            await summing.WriteAllAsync(["1", "2", "3", "4"], stop);
            summing.Complete();
            Assert.Equal(["10"], await AllAsync(summing));
        }

        await using GrpcCall<string, string> chatting = channel.Open(Methods.Chat, GrpcCallOptions.None, stop);
        foreach (string text in new[] { "one", "two", "three" })
        {
            await chatting.WriteAsync(text, stop);
            Assert.Equal(text, await chatting.ReadAsync(stop));
        }

        chatting.Complete();
        Assert.Empty(await AllAsync(chatting));
    }

    [Fact]
    public async Task A_status_comes_with_message_and_details()
    {
        await using NodeScript server = await StartAsync();
        using var channel = GrpcChannel.ToUnixSocket(Place, new GrpcChannelOptions());
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => AskAsync(channel, "fail"));
        Assert.Equal((GrpcStatusCode.NotFound, "no such thing: 50% grün\nsecond line"), (error.Code, error.Message));
        Assert.Equal([8, 5, 0, 255], error.Status.Details.ToArray());
        GrpcException large = await Assert.ThrowsAsync<GrpcException>(() => AskAsync(channel, new string('x', 5_000_000)));
        Assert.Equal(GrpcStatusCode.ResourceExhausted, large.Code);
        GrpcException late = await Assert.ThrowsAsync<GrpcException>(() =>
            channel.CallAsync(Methods.Ask, "wait", new GrpcCallOptions { Timeout = TimeSpan.FromMilliseconds(200) }, stop));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, late.Code);
        GrpcException unknown = await Assert.ThrowsAsync<GrpcException>(() => GrpcHealth.CheckAsync(channel, "", GrpcCallOptions.None, stop));
        Assert.Equal(GrpcStatusCode.Unimplemented, unknown.Code);
    }

    [Fact]
    public async Task Metadata_passes_both_ways()
    {
        await using NodeScript server = await StartAsync();
        using var channel = GrpcChannel.ToUnixSocket(Place, new GrpcChannelOptions());
        var metadata = new GrpcMetadata();
        metadata.Add("key", "a, b");
        metadata.Add("key", "c");
        metadata.AddBytes("raw-bin", [0, 255]);
        await using GrpcCall<string, string> call = channel.Open(Methods.Ask, "metadata", new GrpcCallOptions { Metadata = metadata }, stop);
        // They came as two, and node joins them.
        Assert.Equal(["1"], await AllAsync(call));
        Assert.Equal("a, b, c", string.Join(", ", call.ResponseMetadata.All("key")));
        Assert.Equal([0, 255], call.ResponseMetadata.FindBytes("raw-bin")!);
        Assert.Equal("words", call.ResponseTrailers.Find("last"));
    }

    [Fact]
    public async Task Giving_up_reaches_the_server()
    {
        await using NodeScript server = await StartAsync();
        using var channel = GrpcChannel.ToUnixSocket(Place, new GrpcChannelOptions());
        using var giveUp = new CancellationTokenSource();
        Task<string> asking = channel.CallAsync(Methods.Ask, "wait", GrpcCallOptions.None, giveUp.Token);
        Assert.Equal("waiting", await server.ReadLineAsync(stop).WaitAsync(s_patience, stop));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal("cancelled", await server.ReadLineAsync(stop).WaitAsync(s_patience, stop));
    }

    [Fact]
    public async Task A_server_that_was_killed_and_came_back_is_found_again()
    {
        using var channel = GrpcChannel.ToUnixSocket(Place, new GrpcChannelOptions());
        await using (NodeScript first = await StartAsync())
        {
            Assert.Equal("hello", await AskAsync(channel, "hello"));
            Task<string> waiting = AskAsync(channel, "wait");
            Assert.Equal("waiting", await first.ReadLineAsync(stop).WaitAsync(s_patience, stop));
            first.Kill();
            GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => waiting.WaitAsync(s_patience, stop));
            Assert.Equal(GrpcStatusCode.Unavailable, error.Code);
        }

        File.Delete(Place);
        Task<string> asking = channel.CallAsync(Methods.Ask, "again", new GrpcCallOptions { WaitForReady = true }, stop);
        await using NodeScript second = await StartAsync();
        Assert.Equal("again", await asking.WaitAsync(s_patience, stop));
    }

    async Task<NodeScript> StartAsync()
    {
        NodeScript.SkipWhereMissing();
        NodeScript server = NodeScript.Start("server.js", Place);
        Assert.Equal("ready", await server.ReadLineAsync(stop).WaitAsync(s_patience, stop));
        return server;
    }

    Task<string> AskAsync(GrpcChannel channel, string text) => channel.CallAsync(Methods.Ask, text, GrpcCallOptions.None, stop);

    static async Task<List<string>> AllAsync(GrpcCall<string, string> call)
    {
        var all = new List<string>();
        while (await call.ReadAsync(TestContext.Current.CancellationToken) is { } text) all.Add(text);
        return all;
    }
}
