using System.Net.Sockets;
using Strake.Daemon.Server;
using Strake.Linux;
using Strake.State;

namespace Strake.Daemon.Tests.Server;

public sealed class ListenSocketTests
{
    [Theory]
    [InlineData(null, Permissions.Octal0600)]
    [InlineData(4711u, Permissions.Octal0660)]
    public void A_socket_is_open_to_its_owner_and_group_alone(uint? group, UnixFileMode mode)
    {
        using var folder = new TestFolder();
        using Socket socket = new ListenSocket(group).Bind(new UnixDomainSocketEndPoint(folder.At("deep/er/a.sock")));
        Assert.Equal(mode, File.GetUnixFileMode(folder.At("deep/er/a.sock")));
    }

    [Fact]
    public void A_socket_that_a_dead_daemon_left_is_replaced()
    {
        using var folder = new TestFolder();
        var address = new UnixDomainSocketEndPoint(folder.At("a.sock"));
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(address);
            // Its end removes the name; who is killed does not come to that.
            File.Move(folder.At("a.sock"), folder.At("kept.sock"));
        }

        File.Move(folder.At("kept.sock"), folder.At("a.sock"));
        using Socket socket = new ListenSocket(group: null).Bind(address);
        socket.Listen();
    }

    [Fact]
    public void A_file_that_is_no_socket_is_left_alone()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder.At("notes"), "mine");
        var refusal = Assert.Throws<StrakeException>(() => new ListenSocket(group: null).Bind(new UnixDomainSocketEndPoint(folder.At("notes"))));
        Assert.Equal(ErrorKind.Unavailable, refusal.Kind);
        Assert.Contains("there is a file of that name which is no socket", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.At("notes")));
    }

    [Fact]
    public void A_socket_on_which_somebody_answers_is_left_alone()
    {
        using var folder = new TestFolder();
        var address = new UnixDomainSocketEndPoint(folder.At("a.sock"));
        using Socket first = new ListenSocket(group: null).Bind(address);
        first.Listen();
        var refusal = Assert.Throws<StrakeException>(() => new ListenSocket(group: null).Bind(address));
        Assert.Equal(ErrorKind.Unavailable, refusal.Kind);
        Assert.Contains("another server answers there", refusal.Message, StringComparison.Ordinal);
    }
}
