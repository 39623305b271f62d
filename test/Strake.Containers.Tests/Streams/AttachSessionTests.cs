using System.Net.Sockets;
using System.Text;
using Strake.Containers.Streams;
using Strake.Linux;

namespace Strake.Containers.Tests.Streams;

public sealed class AttachSessionTests : IDisposable
{
    static readonly AttachOptions All = new() { Stream = true, Stdin = true, Stdout = true, Stderr = true };

    readonly SeqPacketSocket ours;
    readonly SeqPacketSocket conmon;
    readonly string path = Path.Combine(Path.GetTempPath(), "strake-test-" + Path.GetRandomFileName());

    public AttachSessionTests()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        ours = SeqPacketSocket.ConnectAsync(path, CancellationToken.None).GetAwaiter().GetResult();
        conmon = SeqPacketSocket.Own(listener.Accept());
    }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        ours.Dispose();
        conmon.Dispose();
        File.Delete(path);
    }

    [Fact]
    public async Task Output_goes_on_after_the_clients_half_close()
    {
        var client = new RecordingClient(new MemoryStream("input"u8.ToArray()));
        Task<SessionEnd> session = new AttachSession(ours, All, hasTerminal: false, client).RunAsync(Token);

        Assert.Equal("input", await ReceiveAsync());
        Assert.Equal("", await ReceiveAsync());
        await conmon.SendAsync("\u0002out"u8.ToArray(), Token);
        await conmon.SendAsync("\u0003err"u8.ToArray(), Token);
        conmon.Dispose();

        Assert.Equal(SessionEnd.OutputOver, await session);
        Assert.Equal("out!err", client.Text);
    }

    [Fact]
    public async Task Only_the_streams_that_are_wanted_are_sent()
    {
        var client = new RecordingClient();
        Task<SessionEnd> session = new AttachSession(ours, All with { Stderr = false }, hasTerminal: false, client).RunAsync(Token);

        await conmon.SendAsync("\u0003err"u8.ToArray(), Token);
        await conmon.SendAsync("\u0002out"u8.ToArray(), Token);
        conmon.Dispose();
        await session;

        Assert.Equal("out", client.Text);
    }

    [Fact]
    public async Task Detach_keys_end_a_terminals_session_and_no_other()
    {
        var client = new RecordingClient(new MemoryStream("ab\u0010\u0011cd"u8.ToArray()));

        Assert.Equal(SessionEnd.Detached, await new AttachSession(ours, All, hasTerminal: true, client).RunAsync(Token));
        Assert.Equal("ab", await ReceiveAsync());
    }

    [Fact]
    public async Task A_client_that_is_gone_ends_the_session()
    {
        Task<SessionEnd> session = new AttachSession(ours, All, hasTerminal: false, new GoneClient()).RunAsync(Token);

        await conmon.SendAsync("\u0002out"u8.ToArray(), Token);

        Assert.Equal(SessionEnd.ClientGone, await session);
    }

    async Task<string> ReceiveAsync()
    {
        var buffer = new byte[64];
        return Encoding.ASCII.GetString(buffer, 0, await conmon.ReceiveAsync(buffer, Token));
    }

    sealed class GoneClient : IStreamClient
    {
        public Stream? Input => null;

        public ValueTask WriteAsync(ContainerStream kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
            throw new IOException("connection reset");
    }
}
