using System.Net.Sockets;

namespace Strake.Linux.Tests;

public sealed class SocketPeerTests
{
    [Fact]
    public async Task Half_close_and_close_are_told_apart()
    {
        using var pair = UnixSocketPair.Create();

        Assert.Equal(PeerState.Open, SocketPeer.PollHangup(pair.First));
        pair.Second.Shutdown(SocketShutdown.Send);
        Assert.Equal(PeerState.HalfClosed, SocketPeer.PollHangup(pair.First));
        pair.Second.Dispose();

        // Not at once: a child that another test starts now has a copy of all descriptors until its exec.
        await SocketPeer.WaitForCloseAsync(pair.First, TestContext.Current.CancellationToken);
        Assert.Equal(PeerState.Closed, SocketPeer.PollHangup(pair.First));
    }

    [Fact]
    public void What_the_peer_has_sent_before_stays_unread()
    {
        using var pair = UnixSocketPair.Create();
        pair.Second.Send("x"u8);
        pair.Second.Shutdown(SocketShutdown.Send);

        Assert.Equal(PeerState.HalfClosed, SocketPeer.PollHangup(pair.First));
        Assert.Equal(1, pair.First.Available);
    }

    [Fact]
    public async Task A_wait_for_the_close_outlasts_a_half_close()
    {
        using var pair = UnixSocketPair.Create();

        var closed = SocketPeer.WaitForCloseAsync(pair.First, TestContext.Current.CancellationToken);
        pair.Second.Send("x"u8);
        pair.Second.Shutdown(SocketShutdown.Send);
        using var short_ = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closed.WaitAsync(short_.Token));
        pair.Second.Dispose();

        await closed;
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        using var pair = UnixSocketPair.Create();
        using var cancellation = new CancellationTokenSource();

        var closed = SocketPeer.WaitForCloseAsync(pair.First, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closed);
    }
}
