using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Strake.EndToEnd.Tests.Building;

/// <summary>An SSH agent with one key, which it only shows.</summary>
public sealed class KeyAgent : IAsyncDisposable
{
    const byte IdentitiesAnswer = 12;

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strake-agent-");
    readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly CancellationTokenSource _stop = new();
    readonly byte[] _answer;
    readonly Task _serving;

    /// <summary>Begins to serve.</summary>
    /// <param name="comment">The key's comment.</param>
    public KeyAgent(string comment)
    {
        byte[] body = [IdentitiesAnswer, 0, 0, 0, 1, .. Text([.. Text("ssh-ed25519"u8), .. Text(new byte[32])]), .. Text(Encoding.ASCII.GetBytes(comment))];
        _answer = Text(body);
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _serving = ServeAsync();
    }

    /// <summary>Its socket.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "agent");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    static byte[] Text(ReadOnlySpan<byte> bytes)
    {
        var text = new byte[4 + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(text, bytes.Length);
        bytes.CopyTo(text.AsSpan(4));
        return text;
    }

    async Task ServeAsync()
    {
        while (true) _ = AnswerAsync(await _listener.AcceptAsync(_stop.Token));
    }

    // Whatever is asked.
    async Task AnswerAsync(Socket client)
    {
        using (client)
        {
            var length = new byte[4];
            await using var stream = new NetworkStream(client);
            while (await stream.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false, _stop.Token) == 4)
            {
                await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(length)], _stop.Token);
                await stream.WriteAsync(_answer, _stop.Token);
            }
        }
    }
}
