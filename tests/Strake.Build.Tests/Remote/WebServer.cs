using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Strake.Build.Tests.Remote;

/// <summary>A server of HTTP on loopback that answers as a test tells it to.</summary>
public sealed class WebServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentBag<Task> _connections = [];
    readonly Task _accepting;

    /// <summary>Starts it.</summary>
    public WebServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>A request.</summary>
    /// <param name="Method">GET, HEAD ….</param>
    /// <param name="Target">Path and query; to a proxy, the whole address.</param>
    /// <param name="Headers">By names in small letters.</param>
    public sealed record Call(string Method, string Target, IReadOnlyDictionary<string, string> Headers)
    {
        /// <summary>The path without the query.</summary>
        public string Path => Target.Split('?')[0];

        /// <summary>A header; null: it is not there.</summary>
        public string? this[string name] => Headers.GetValueOrDefault(name);
    }

    /// <summary>An answer.</summary>
    public sealed record Answer(int Status, byte[] Body)
    {
        /// <summary>An answer that has a text.</summary>
        public static Answer Of(string text, params string[] headers) => new(200, Encoding.UTF8.GetBytes(text)) { Headers = headers };

        /// <summary>Lines of headers.</summary>
        public IReadOnlyList<string> Headers { get; init; } = [];

        /// <summary>How many bytes there are: the body again and again; null: the body once.</summary>
        public long? LengthBytes { get; init; }

        /// <summary>Whether the length is not said: the end is when the connection ends.</summary>
        public bool IsLengthHidden { get; init; }

        /// <summary>Completed when the rest may be sent; only the headers are before.</summary>
        public Task Go { get; init; } = Task.CompletedTask;
    }

    /// <summary>What it answers; at first, that nothing is there.</summary>
    public Func<Call, Answer> Serve { get; set; } = static _ => new Answer(404, []);

    /// <summary>All requests so far.</summary>
    public ConcurrentQueue<Call> Calls { get; } = [];

    /// <summary>Completed once a client has gone before it had its answer.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Its address, without a slash at the end.</summary>
    public string Address => $"http://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Answers with the files of a folder.</summary>
    public static Func<Call, Answer> Files(string folder) => call =>
    {
        var path = Path.GetFullPath(Path.Combine(folder, call.Path.TrimStart('/')));
        return path.StartsWith(folder + "/", StringComparison.Ordinal) && File.Exists(path) ? new Answer(200, File.ReadAllBytes(path)) : new Answer(404, []);
    };

    /// <inheritdoc/>
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
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The end of the test. Invalid: the listener was stopped between two connections; its ObjectDisposedException is one, too.
        }
    }

    async Task TalkAsync(Socket socket)
    {
        using (socket)
        {
            await using var stream = new NetworkStream(socket);
            try
            {
                if (await ReadAsync(stream) is not { } call) return;
                Calls.Enqueue(call);
                await WriteAsync(socket, stream, call, Serve(call));
                socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                Gone.TrySetResult();
            }
            catch (OperationCanceledException)
            {
                // The end of the test.
            }
        }
    }

    async Task<Call?> ReadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0) return null;
            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var words = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(static line => line.Split(':', 2)).ToDictionary(static pair => pair[0].ToLowerInvariant(), static pair => pair[1].Trim());
        return new Call(words[0], words[1], headers);
    }

    async Task WriteAsync(Socket socket, NetworkStream stream, Call call, Answer answer)
    {
        var length = answer.LengthBytes ?? answer.Body.Length;
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} x\r\nConnection: close\r\n");
        if (!answer.IsLengthHidden) head.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        foreach (var header in answer.Headers) head.Append(header).Append("\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), _stop.Token);
        if (call.Method == "HEAD") return;
        if (!answer.Go.IsCompleted) await Task.WhenAny(answer.Go, LeavesAsync(socket)).WaitAsync(_stop.Token);
        for (var left = length; left > 0;)
        {
            var part = (int)Math.Min(left, answer.Body.Length);
            await stream.WriteAsync(answer.Body.AsMemory(0, part), _stop.Token);
            left -= part;
        }
    }

    async Task LeavesAsync(Socket socket)
    {
        try
        {
            if (await socket.ReceiveAsync(new byte[1], _stop.Token) == 0) Gone.TrySetResult();
        }
        catch (SocketException)
        {
            Gone.TrySetResult();
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }
}
