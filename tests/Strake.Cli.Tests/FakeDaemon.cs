using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Strake.Cli.Tests;

/// <summary>What a command asks of the daemon, and answers that a test gives: HTTP on a socket of its own, a connection a request.</summary>
public sealed class FakeDaemon : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-test-cli-").FullName;
    readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly CancellationTokenSource stop = new();
    readonly Task accepting;

    /// <summary>Starts it.</summary>
    public FakeDaemon()
    {
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        accepting = AcceptAsync();
    }

    /// <summary>What was asked, in order: <c>METHOD path</c>, and the body behind it where there is one.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>What it answers to a request; at first, nothing with success.</summary>
    public Func<string, (int Status, string Body)> Answer { get; set; } = static _ => (200, "");

    /// <summary>A folder for the test's files.</summary>
    public string this[string name] => Path.Combine(folder, name);

    string SocketPath => Path.Combine(folder, "s");

    /// <summary>Runs a command line against it.</summary>
    public async Task<CommandRun> RunAsync(params string[] words) => await CommandRun.OfAsync([.. words, "--host", $"unix://{SocketPath}"]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        try
        {
            await accepting;
        }
        finally
        {
            stop.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using Socket socket = await listener.AcceptAsync(stop.Token);
                await using var stream = new NetworkStream(socket);
                await TalkAsync(stream);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    async Task TalkAsync(NetworkStream stream)
    {
        string[] head = (await ReadHeadAsync(stream)).Split("\r\n");
        string[] words = head[0].Split(' ');
        string body = await ReadBodyAsync(stream, head);
        string asked = $"{words[0]} {words[1]}";
        Asked.Add(body.Length > 0 ? $"{asked} {body}" : asked);
        (int status, string text) = Answer(asked);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte[] answer = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} x\r\nConnection: close\r\nContent-Length: {bytes.Length}\r\n\r\n")), .. bytes];
        // At once: who has the last byte that was promised may go.
        await stream.WriteAsync(answer, stop.Token);
    }

    async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append(await ReadByteAsync(stream));
        return head.ToString();
    }

    async Task<string> ReadBodyAsync(NetworkStream stream, string[] head)
    {
        if (head.Any(static line => line.Equals("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))) return await ReadChunksAsync(stream);
        string? length = head.FirstOrDefault(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?.Split(':')[1];
        return await ReadAsync(stream, length is null ? 0 : int.Parse(length, CultureInfo.InvariantCulture));
    }

    async Task<string> ReadChunksAsync(NetworkStream stream)
    {
        var body = new StringBuilder();
        while (true)
        {
            var size = new StringBuilder();
            while (!size.ToString().EndsWith("\r\n", StringComparison.Ordinal)) size.Append(await ReadByteAsync(stream));
            string chunk = await ReadAsync(stream, int.Parse(size.ToString().Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) + 2);
            if (chunk.Length == 2) return body.ToString();
            body.Append(chunk.AsSpan(0, chunk.Length - 2));
        }
    }

    async Task<char> ReadByteAsync(NetworkStream stream) => (await ReadAsync(stream, 1))[0];

    async Task<string> ReadAsync(NetworkStream stream, int count)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, stop.Token);
        return Encoding.Latin1.GetString(bytes);
    }
}
