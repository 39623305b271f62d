using System.Net;
using Strake.Containers.Networks;

namespace Strake.Containers.Tests.Network;

public sealed class SubnetTests
{
    [Theory]
    [InlineData("", "172.17.0.0/16")]
    [InlineData("172.17.0.0/16", "172.18.0.0/16")]
    [InlineData("172.17.3.0/24 172.18.0.0/15", "172.20.0.0/16")]
    [InlineData("172.16.0.0/12", "192.168.0.0/20")]
    [InlineData("172.16.0.0/12 192.168.16.0/24", "192.168.0.0/20")]
    [InlineData("172.16.0.0/12 192.168.0.0/16", null)]
    public void The_first_range_that_the_host_does_not_use_is_taken(string used, string? expected)
    {
        IPNetwork[] networks = [.. used.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse)];

        Assert.Equal(expected, Subnets.Choose(networks)?.ToString());
    }

    [Fact]
    public void The_route_table_is_read_without_the_default_route()
    {
        const string text = """
            Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
            eth0	00000000	0100A8C0	0003	0	0	0	00000000	0	0	0
            eth0	0000A8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
            docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
            broken line
            """;

        Assert.Equal(["192.168.0.0/24", "172.17.0.0/16"], RouteTable.Parse(text).Select(network => network.ToString()));
    }

    [Fact]
    public void The_gateway_is_the_first_address() =>
        Assert.Equal("172.20.0.1", Subnets.GatewayOf(IPNetwork.Parse("172.20.0.0/16")).ToString());

    [Fact]
    public void An_interfaces_network_has_its_host_bits_cleared() =>
        Assert.Equal("10.1.2.128/25", Subnets.NetworkOf(IPAddress.Parse("10.1.2.200"), 25).ToString());
}
