using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Strake.Containers.Networks;

namespace Strake.Containers.Tests.Network;

public sealed class PortReservationTests : IDisposable
{
    readonly PortReservations ports = new();

    public void Dispose() => ports.Dispose();

    [Fact]
    public void A_port_that_nobody_named_is_chosen_and_held()
    {
        PublishedPort port = Assert.Single(ports.Take("c1", Wish("80/tcp", "127.0.0.1", "")));

        Assert.Equal((80, "tcp", "127.0.0.1"), (port.ContainerPort, port.Protocol, port.HostAddress.ToString()));
        StrakeException taken = Assert.Throws<StrakeException>(() => ports.Take("c2", Wish("80/tcp", "127.0.0.1", Text(port.HostPort))));
        Assert.Equal((ErrorKind.Conflict, $"Bind for 127.0.0.1:{port.HostPort} failed: port is already allocated"), (taken.Kind, taken.Message));
    }

    [Fact]
    public void A_released_port_is_free_again()
    {
        PublishedPort port = Assert.Single(ports.Take("c1", Wish("80/tcp", "127.0.0.1", "")));

        ports.Release("c1");

        Assert.Single(ports.Take("c2", Wish("80/tcp", "127.0.0.1", Text(port.HostPort))));
    }

    [Fact]
    public void A_port_that_another_program_has_is_refused_and_none_of_the_others_is_kept()
    {
        using var foreign = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        foreign.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        foreign.Listen();
        int free = FreePort();
        var wish = new Dictionary<string, IReadOnlyList<PortBinding>?>
        {
            ["80/tcp"] = [new("127.0.0.1", Text(free)), new("127.0.0.1", Text(((IPEndPoint)foreign.LocalEndPoint!).Port))],
        };

        Assert.Equal(ErrorKind.Conflict, Assert.Throws<StrakeException>(() => ports.Take("c1", wish)).Kind);
        Assert.Single(ports.Take("c2", Wish("80/tcp", "127.0.0.1", Text(free))));
    }

    [Fact]
    public void Of_a_range_the_first_free_port_is_taken()
    {
        PublishedPort first = Assert.Single(ports.Take("c1", Wish("80/tcp", "127.0.0.1", "")));

        PublishedPort second = Assert.Single(ports.Take("c2", Wish("80/tcp", "127.0.0.1", $"{first.HostPort}-{first.HostPort + 20}")));

        Assert.InRange(second.HostPort, first.HostPort + 1, first.HostPort + 20);
    }

    [Theory]
    [InlineData("0/tcp", "", "", ErrorKind.Invalid)]
    [InlineData("x/tcp", "", "", ErrorKind.Invalid)]
    [InlineData("80/tcp", "", "70000", ErrorKind.Invalid)]
    [InlineData("80/tcp", "", "90-80", ErrorKind.Invalid)]
    [InlineData("80/tcp", "nonsense", "", ErrorKind.Invalid)]
    [InlineData("80/sctp", "", "", ErrorKind.NotSupported)]
    [InlineData("80/tcp", "fd00::1", "", ErrorKind.NotSupported)]
    public void What_is_no_port_is_refused(string port, string address, string hostPort, ErrorKind kind) =>
        Assert.Equal(kind, Assert.Throws<StrakeException>(() => ports.Take("c1", Wish(port, address, hostPort))).Kind);

    static Dictionary<string, IReadOnlyList<PortBinding>?> Wish(string port, string address, string hostPort) =>
        new() { [port] = [new PortBinding(address, hostPort)] };

    static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
