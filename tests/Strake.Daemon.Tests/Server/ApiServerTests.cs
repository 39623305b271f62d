using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Strake.Daemon.Server;
using Strake.State;

namespace Strake.Daemon.Tests.Server;

/// <summary>What the server says to requests that are right, wrong, or none at all.</summary>
public sealed class ApiServerTests
{
    static readonly Route[] s_routes =
    [
        new("GET", "/_ping", exchange => exchange.WriteTextAsync("OK")),
        new("GET", "/missing", _ => throw StrakeException.NotFound("No such thing: <x>")),
        new("GET", "/defect", _ => throw new InvalidOperationException("a defect")),
        new("POST", "/start", _ => throw StrakeException.NotModified("it runs")),
        new("POST", "/create", CreateAsync, "name"),
        new("GET", "/broken", async exchange =>
        {
            Stream body = await exchange.StartStreamAsync("application/x-tar");
            await body.WriteAsync(new byte[100_000]);
            throw StrakeException.DataLoss("half way");
        }),
        new("POST", "/upload", async exchange =>
        {
            var buffer = new byte[65536];
            long total = 0;
            int read;
            while ((read = await exchange.Http.Request.Body.ReadAsync(buffer)) > 0) total += read;
            await exchange.WriteTextAsync(total.ToString(CultureInfo.InvariantCulture));
        }),
    ];

    static async Task CreateAsync(Exchange exchange)
    {
        Named body = await exchange.ReadJsonAsync(TestJson.Default.Named);
        await exchange.WriteJsonAsync(body, TestJson.Default.Named, 201);
    }

    [Theory]
    [InlineData("GET /_ping", "200 OK", "OK")]
    [InlineData("GET /v1.51/_ping", "200 OK", "OK")]
    [InlineData("GET /v1.24/_ping", "200 OK", "OK")]
    [InlineData("GET /v1.23/_ping", "400 Bad Request", "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version\n")]
    [InlineData("GET /v1.99/_ping", "400 Bad Request", "{\"message\":\"client version 1.99 is too new. Maximum supported API version is 1.51\"}\n")]
    [InlineData("GET /nothing", "404 Not Found", "{\"message\":\"page not found\"}\n")]
    [InlineData("PUT /_ping", "404 Not Found", "{\"message\":\"page not found\"}\n")]
    [InlineData("GET /missing", "404 Not Found", "{\"message\":\"No such thing: <x>\"}\n")]
    [InlineData("GET /defect", "500 Internal Server Error", "{\"message\":\"a defect\"}\n")]
    [InlineData("POST /start", "304 Not Modified", "")]
    [InlineData("GET /_ping?quiet=1", "501 Not Implemented", "{\"message\":\"query parameter quiet=1 of GET /_ping is not supported yet; leave the option out\"}\n")]
    [InlineData("GET /_ping?quiet=0&x=&y=false", "200 OK", "OK")]
    public async Task Each_request_has_its_answer(string request, string status, string body)
    {
        await using ServedApi api = await ServedApi.StartAsync(s_routes);
        string answer = await api.AskAsync($"{request} HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer);
        Assert.EndsWith("\r\n\r\n" + body, answer);
    }

    [Fact]
    public async Task Every_answer_of_a_route_says_version_and_system()
    {
        await using ServedApi api = await ServedApi.StartAsync(s_routes);
        string answer = await api.AskAsync("GET /missing HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");
        foreach (string header in (string[])["Api-Version: 1.51", "Docker-Experimental: true", "Ostype: linux", "Server: Strake/", "Content-Type: application/json"])
            Assert.Contains("\r\n" + header, answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("{\"Name\":\"a\"}", "application/json", "201", "{\"Name\":\"a\"}\n")]
    [InlineData("{\"name\":\"a\"} \r\n", "application/json; charset=utf-8", "201", "{\"Name\":\"a\"}\n")]
    [InlineData("", "application/json", "400", "invalid JSON: got EOF while reading request body")]
    [InlineData("null", "application/json", "400", "invalid JSON: got EOF while reading request body")]
    [InlineData("{}x", "application/json", "400", "unexpected content after JSON")]
    [InlineData("{} {}", "application/json", "400", "unexpected content after JSON")]
    [InlineData("{", "application/json", "400", "invalid JSON: ")]
    [InlineData("[]", "application/json", "400", "invalid JSON: ")]
    [InlineData("{\"Name\":7}", "application/json", "400", "invalid JSON: ")]
    [InlineData("{}", "text/plain", "400", "unsupported Content-Type header (text/plain): must be 'application/json'")]
    public async Task A_json_body_is_read_with_dockers_refusals(string body, string contentType, string status, string answer)
    {
        await using ServedApi api = await ServedApi.StartAsync(s_routes);
        string got = await api.AskAsync($"POST /create HTTP/1.1\r\nHost: d\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        Assert.StartsWith($"HTTP/1.1 {status} ", got);
        Assert.Contains(answer, got, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_json_body_over_the_limit_is_refused_announced_or_not()
    {
        await using ServedApi api = await ServedApi.StartAsync(s_routes);
        using Socket announcing = await api.ConnectAsync();
        await announcing.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: {Exchange.MaxJsonBytes + 1}\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 413 ", await ServedApi.ReadHeadAsync(announcing));

        using Socket client = await api.ConnectAsync();
        await client.SendAsync("POST /create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"u8.ToArray());
        Task sending = SendChunksAsync(client, Exchange.MaxJsonBytes + (64 * 1024));
        Assert.StartsWith("HTTP/1.1 413 ", await ServedApi.ReadHeadAsync(client));
        await sending;
    }

    static async Task SendChunksAsync(Socket client, int total)
    {
        byte[] chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string(' ', 65536) + "\r\n");
        try
        {
            for (int sent = 0; sent < total; sent += 65536) await client.SendAsync(chunk);
        }
        catch (SocketException)
        {
            // Refused before all of it was sent.
        }
    }

    [Fact]
    public async Task Deeply_nested_json_is_refused()
    {
        await using ServedApi api = await ServedApi.StartAsync(s_routes);
        string body = new string('[', 100_000);
        string got = await api.AskAsync($"POST /create HTTP/1.1\r\nHost: d\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        Assert.StartsWith("HTTP/1.1 400 ", got);
    }

    [Fact]
    public async Task An_upload_of_any_length_passes_however_slowly_it_comes()
    {
        await using ServedApi api = await ServedApi.StartAsync(s_routes);
        using Socket client = await api.ConnectAsync();
        await client.SendAsync("POST /upload HTTP/1.1\r\nHost: d\r\nContent-Length: 104857600\r\nConnection: close\r\n\r\n"u8.ToArray());
        var block = new byte[1024 * 1024];
        for (int i = 0; i < 100; i++) await client.SendAsync(block);
        Assert.EndsWith("\r\n\r\n104857600", await ServedApi.ReadToEndAsync(client));
    }

    [Fact]
    public async Task A_body_that_fails_half_way_is_cut_off_and_never_looks_whole()
    {
        await using ServedApi api = await ServedApi.StartAsync(s_routes);
        string answer = await api.AskAsync("GET /broken HTTP/1.1\r\nHost: d\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK", answer);
        // A whole chunked body ends with an empty chunk.
        Assert.False(answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slow_reader_holds_the_writer_back()
    {
        long written = 0;
        var route = new Route("GET", "/much", async exchange =>
        {
            Stream body = await exchange.StartStreamAsync("application/x-tar");
            var block = new byte[64 * 1024];
            for (int i = 0; i < 1024; i++)
            {
                await body.WriteAsync(block, exchange.Aborted);
                Interlocked.Add(ref written, block.Length);
            }
        });
        await using ServedApi api = await ServedApi.StartAsync(route);
        using Socket client = await api.ConnectAsync();
        await client.SendAsync("GET /much HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"u8.ToArray());
        await ServedApi.ReadHeadAsync(client);
        long before;
        do
        {
            before = Interlocked.Read(ref written);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        while (before != Interlocked.Read(ref written));
        Assert.InRange(before, 0, 8 * 1024 * 1024);
        var buffer = new byte[65536];
        while (await client.ReceiveAsync(buffer) > 0) continue;
        Assert.Equal(64 * 1024 * 1024, written);
    }

    [Fact]
    public async Task Garbage_does_no_harm()
    {
        await using ServedApi api = await ServedApi.StartAsync(s_routes);
        // The same noise each time: a failure can be repeated.
        var random = new Random(20241);
        string[] seeds =
        [
            "GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n",
            "POST /create?name=x HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{\"Name\":\"a\"}",
            "POST /upload HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        ];
        await Parallel.ForEachAsync(Enumerable.Range(0, 20_000).Select(_ => Mutate(seeds[random.Next(seeds.Length)], random)), async (request, _) =>
        {
            string answer = await api.AskAsync(request, halfClose: true);
            Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal), answer);
            Assert.False(answer.StartsWith("HTTP/1.1 500", StringComparison.Ordinal), request + "\n" + answer);
        });
        Assert.EndsWith("OK", await api.AskAsync(seeds[0]));
    }

    static string Mutate(string seed, Random random)
    {
        var text = new StringBuilder(seed);
        for (int i = random.Next(1, 6); i > 0 && text.Length > 0; i--)
        {
            int at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0: text[at] = (char)random.Next(256); break;
                case 1: text.Remove(at, Math.Min(random.Next(1, 8), text.Length - at)); break;
                case 2: text.Insert(at, text.ToString(at, Math.Min(random.Next(1, 40), text.Length - at))); break;
                default: text.Length = at; break;
            }
        }

        return text.ToString();
    }

    [Fact]
    public async Task Clients_that_send_nothing_do_not_keep_others_out()
    {
        await using ServedApi api = await ServedApi.StartAsync(s_routes);
        var idle = new List<Socket>();
        try
        {
            for (int i = 0; i < 500; i++)
            {
                Socket client = await api.ConnectAsync();
                await client.SendAsync("GET /_pi"u8.ToArray());
                idle.Add(client);
            }

            Assert.EndsWith("OK", await api.AskAsync("GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"));
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }
    }

    internal sealed record Named(string? Name);
}
