using System.Globalization;
using System.Text.Json;

namespace Strake.Grpc.Tests.Interop;

/// <summary>Our server, called by <c>@grpc/grpc-js</c>.</summary>
public sealed class TheirClientTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly CancellationToken stop = TestContext.Current.CancellationToken;
    readonly TaskCompletionSource late = new();
    readonly TaskCompletionSource givenUp = new();

    [Theory]
    [InlineData("unix")]
    [InlineData("tcp")]
    public async Task A_client_of_others_finds_all_as_it_should_be(string transport)
    {
        NodeScript.SkipWhereMissing();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("strake-grpc-");
        GrpcAddress place = transport is "unix" ? GrpcAddress.Unix(Path.Combine(folder.FullName, "calls.sock")) : GrpcAddress.Parse("127.0.0.1:0");
        await using (GrpcHost host = await GrpcHost.StartAsync(Server(), new GrpcHostOptions { Addresses = [place] }, stop))
        {
            string address = host.Addresses[0].ToString();
            Dictionary<string, JsonElement> found = await AskAsync(transport is "unix" ? address : address["tcp://".Length..]);
            Check(found);
        }

        await late.Task.WaitAsync(s_patience, stop);
        await givenUp.Task.WaitAsync(s_patience, stop);
        folder.Delete(recursive: true);
    }

    static void Check(Dictionary<string, JsonElement> found)
    {
        Assert.Equal("hello", found["unary"].GetProperty("response").GetString());
        Assert.Equal("", found["empty"].GetProperty("response").GetString());
        Assert.Equal(1000, found["counted"].GetInt32());
        Assert.Equal("10", found["summed"].GetString());
        Assert.Equal(["one", "two", "three"], Texts(found["chatted"]));
        Assert.Equal((int)GrpcStatusCode.NotFound, found["failed"].GetProperty("code").GetInt32());
        Assert.Equal("no such thing: 50% grün\nsecond line", found["failed"].GetProperty("details").GetString());
        Assert.Equal("080500ff", found["failed"].GetProperty("raw").GetString());
        Assert.Equal((int)GrpcStatusCode.Unimplemented, found["unknown"].GetInt32());
        Assert.Equal(3_000_000, found["long"].GetInt32());
        Assert.Equal((int)GrpcStatusCode.ResourceExhausted, found["too long"].GetInt32());
        Assert.Equal((int)GrpcStatusCode.DeadlineExceeded, found["late"].GetInt32());
        Assert.Equal((int)GrpcStatusCode.Cancelled, found["given up"].GetInt32());
        Assert.Equal("2", found["metadata"].GetProperty("response").GetString());
        // They went as two, and node joins them.
        Assert.Equal("a, b, c", string.Join(", ", Texts(found["metadata"].GetProperty("keys"))));
        Assert.Equal(["words"], Texts(found["metadata"].GetProperty("last")));
        Assert.Equal("0801", found["healthy"].GetString());
        Assert.True(found["reflected"].GetBoolean());
        Assert.Equal((int)GrpcStatusCode.Unimplemented, found["zipped"].GetInt32());
    }

    static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(static element => element.GetString());

    async Task<Dictionary<string, JsonElement>> AskAsync(string address)
    {
        await using NodeScript client = NodeScript.Start("client.js", address);
        var found = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        while (await client.ReadLineAsync(stop).WaitAsync(s_patience, stop) is { } line)
        {
            JsonElement finding = JsonDocument.Parse(line).RootElement;
            found.Add(finding.GetProperty("name").GetString()!, finding.GetProperty("value"));
        }

        await client.EndAsync(stop).WaitAsync(s_patience, stop);
        return found;
    }

    GrpcServer Server() => new(
        [
            GrpcHandler.Unary(Methods.Ask, AnswerAsync),
            GrpcHandler.ServerStream(Methods.Count, async (request, responses, call) =>
            {
                for (int i = 0; i < int.Parse(request, CultureInfo.InvariantCulture); i++) await responses.WriteAsync("one", call.Cancelled);
            }),
            GrpcHandler.ClientStream(Methods.Sum, async (requests, call) =>
            {
                int sum = 0;
                while (await requests.ReadAsync(call.Cancelled) is { } number) sum += int.Parse(number, CultureInfo.InvariantCulture);
                return sum.ToString(CultureInfo.InvariantCulture);
            }),
            GrpcHandler.Duplex(Methods.Chat, async (requests, responses, call) =>
            {
                while (await requests.ReadAsync(call.Cancelled) is { } text) await responses.WriteAsync(text, call.Cancelled);
            }),
            .. new HealthService().Handlers,
            .. new ReflectionService([]).Handlers,
        ],
        new GrpcServerOptions());

    async Task<string> AnswerAsync(string request, GrpcServerCall call)
    {
        switch (request)
        {
            case "fail":
                throw new GrpcException(new GrpcStatus(GrpcStatusCode.NotFound, "no such thing: 50% grün\nsecond line") { Details = new byte[] { 8, 5, 0, 255 } });
            case "wait":
                var ended = new TaskCompletionSource();
                await using (call.Cancelled.Register(ended.SetResult)) await ended.Task;
                (call.Timeout is null ? givenUp : late).TrySetResult();
                // The server's clock may be the first: what it says then is how the call ended.
                throw new OperationCanceledException(call.Cancelled);
            case "metadata":
                foreach (string value in call.Metadata.All("key")) call.ResponseMetadata.Add("key", value);
                call.ResponseTrailers.Add("last", "words");
                Assert.Equal([0, 255], call.Metadata.FindBytes("raw-bin")!);
                return call.Metadata.All("key").Count.ToString(CultureInfo.InvariantCulture);
            default:
                return request.StartsWith("long ", StringComparison.Ordinal) ? new string('x', int.Parse(request[5..], CultureInfo.InvariantCulture)) : request;
        }
    }
}
