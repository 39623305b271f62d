using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Strake.Images.Tests.Registry;

/// <summary>A registry on loopback that does what a test tells it to, byte by byte: lie, stall, break off, never end.</summary>
sealed class FaultyRegistry : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentBag<Task> _connections = [];
    readonly Task _accepting;

    public FaultyRegistry()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What a request says.</summary>
    public sealed record Call(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string? this[string header] => Headers.GetValueOrDefault(header.ToLowerInvariant());

        /// <summary>The first byte that a range asks for.</summary>
        public long From => this["range"] is { } range ? long.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>What is answered.</summary>
    public sealed record Answer(int Status = 200, byte[]? Body = null)
    {
        public IReadOnlyList<string> Headers { get; init; } = [];

        /// <summary>The length that is claimed; null: the body's; negative: none, and the end of the connection is the end.</summary>
        public long? Length { get; init; }

        /// <summary>After so many bytes the connection is broken.</summary>
        public long CutAfter { get; init; } = long.MaxValue;

        /// <summary>After so many bytes nothing comes any more.</summary>
        public long StallAfter { get; init; } = long.MaxValue;

        /// <summary>The body is sent again and again.</summary>
        public bool IsEndless { get; init; }
    }

    /// <summary>Answers requests; to be set by the test.</summary>
    public Func<Call, Answer> Serve { get; set; } = _ => new Answer(404);

    /// <summary>All requests so far.</summary>
    public ConcurrentQueue<Call> Calls { get; } = [];

    /// <summary>Bytes of bodies sent so far.</summary>
    public long ServedBytes => Interlocked.Read(ref _served);

    long _served;

    public string Host => "127.0.0.1:" + ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>A range of some content, as a registry answers it.</summary>
    public static Answer Range(Call call, byte[] content) => call.From == 0
        ? new Answer(200, content)
        : new Answer(206, content[(int)call.From..]) { Headers = [$"Content-Range: bytes {call.From}-{content.Length - 1}/{content.Length}"] };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(TalkAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException || _stop.IsCancellationRequested)
        {
            // The end of the test; a listener that was stopped between two calls says so in a way of its own.
        }
    }

    async Task TalkAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await using var stream = new NetworkStream(socket);
                while (await ReadAsync(stream) is { } call)
                {
                    Calls.Enqueue(call);
                    if (!await WriteAsync(stream, call, Serve(call))) break;
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or FormatException)
            {
                // The other side has enough, or the test is over. What is no HTTP (a hand shake of TLS) ends like that, too.
            }
        }
    }

    async Task<Call?> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!Ends(head))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0) return null;
            head.Add(one[0]);
            if (head.Count == 1 && one[0] == 0x16) throw new FormatException("TLS");
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0].ToLowerInvariant(), p => p[1], StringComparer.Ordinal);
        if (headers.ContainsKey("expect")) await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stop.Token);
        return new Call(first[0], first[1], headers, await BodyAsync(stream, headers));

        static bool Ends(List<byte> head) => head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n';
    }

    async Task<byte[]> BodyAsync(NetworkStream stream, Dictionary<string, string> headers)
    {
        if (headers.TryGetValue("content-length", out var length))
        {
            var body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(body, _stop.Token);
            return body;
        }

        if (!headers.ContainsKey("transfer-encoding")) return [];
        using var all = new MemoryStream();
        while (true)
        {
            var size = int.Parse(await LineAsync(stream), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            var chunk = new byte[size + 2];
            await stream.ReadExactlyAsync(chunk, _stop.Token);
            if (size == 0) return all.ToArray();
            all.Write(chunk, 0, size);
        }
    }

    async Task<string> LineAsync(NetworkStream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            if (one[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }
    }

    // False: the connection is to end.
    async Task<bool> WriteAsync(NetworkStream stream, Call call, Answer answer)
    {
        var body = answer.Body ?? [];
        var length = answer.Length ?? (answer.IsEndless ? -1 : body.Length);
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} X\r\n");
        foreach (var header in answer.Headers) head.Append(header).Append("\r\n");
        head.Append(length < 0 ? "Connection: close\r\n" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n"));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), _stop.Token);
        if (call.Method == "HEAD") return true;
        long sent = 0;
        do
        {
            foreach (var block in body.Chunk(16 << 10))
            {
                var part = block.AsMemory(0, (int)Math.Min(block.Length, Math.Min(answer.CutAfter, answer.StallAfter) - sent));
                await stream.WriteAsync(part, _stop.Token);
                Interlocked.Add(ref _served, part.Length);
                if ((sent += part.Length) >= answer.CutAfter) return false;
                if (sent >= answer.StallAfter) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
            }
        }
        while (answer.IsEndless);

        return length >= 0 && sent >= length;
    }
}
