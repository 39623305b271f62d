using System.Net.Sockets;
using System.Text;

namespace Strake.Linux.Tests;

public sealed class SeqPacketSocketTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("s")]
    [InlineData("a-directory-whose-name-alone-is-rather-long/and-another-one-below-it-with-a-name-that-is-longer-still/the-socket")]
    public async Task The_borders_of_messages_are_kept_whatever_the_length_of_the_path(string name)
    {
        using var folder = new TemporaryDirectory();
        folder.MakeDirectory(Path.GetDirectoryName(name)!);
        using var listener = Listen(folder[name]);

        using var client = await SeqPacketSocket.ConnectAsync(folder[name], Token);
        using var server = SeqPacketSocket.Own(await listener.AcceptAsync(Token));
        await client.SendAsync("first"u8.ToArray(), Token);
        await client.SendAsync("second message"u8.ToArray(), Token);

        var buffer = new byte[100];
        Assert.Equal("first", await ReceiveAsync(server, buffer));
        Assert.Equal("second message", await ReceiveAsync(server, buffer));
    }

    [Fact]
    public async Task After_the_other_side_s_end_comes_nothing_but_one_s_own_words_arrive()
    {
        using var pair = UnixSocketPair.Create(SocketType.Seqpacket);
        using var one = SeqPacketSocket.Own(pair.First);
        using var other = SeqPacketSocket.Own(pair.Second);
        await one.SendAsync("last"u8.ToArray(), Token);
        one.ShutdownSend();

        var buffer = new byte[100];
        Assert.Equal("last", await ReceiveAsync(other, buffer));
        Assert.Equal(0, await other.ReceiveAsync(buffer, Token));
        await other.SendAsync("answer"u8.ToArray(), Token);
        Assert.Equal("answer", await ReceiveAsync(one, buffer));
    }

    [Fact]
    public async Task A_receive_waits_without_a_thread_and_can_be_cancelled()
    {
        using var pair = UnixSocketPair.Create(SocketType.Seqpacket);
        using var one = SeqPacketSocket.Own(pair.First);
        using var cancellation = new CancellationTokenSource();

        var waiting = one.ReceiveAsync(new byte[10], cancellation.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_socket_of_another_kind_is_refused()
    {
        using var folder = new TemporaryDirectory();
        using var listener = Listen(folder["s"], SocketType.Stream);

        await Assert.ThrowsAsync<SocketException>(() => SeqPacketSocket.ConnectAsync(folder["s"], Token));
    }

    [Fact]
    public async Task An_empty_message_is_refused_for_it_looks_like_the_end()
    {
        using var pair = UnixSocketPair.Create(SocketType.Seqpacket);
        using var one = SeqPacketSocket.Own(pair.First);

        await Assert.ThrowsAsync<ArgumentException>(() => one.SendAsync(default, Token));
    }

    static Socket Listen(string path, SocketType type = SocketType.Seqpacket)
    {
        using var address = new UnixSocketPath(path);
        var listener = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        listener.Bind(address.EndPoint);
        listener.Listen();
        return listener;
    }

    static async Task<string> ReceiveAsync(SeqPacketSocket socket, byte[] buffer) =>
        Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Token));
}
