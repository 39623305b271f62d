using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Strake.Containers.Networks;

/// <summary>Chooses addresses for a bridge that the host does not use already.</summary>
static class Subnets
{
    // Docker's default pools, in its order (moby daemon/libnetwork/ipamutils): users' firewalls and VPNs know them.
    static readonly IReadOnlyList<IPNetwork> Candidates =
    [
        .. Enumerable.Range(17, 15).Select(second => new IPNetwork(new IPAddress([172, (byte)second, 0, 0]), 16)),
        .. Enumerable.Range(0, 16).Select(third => new IPNetwork(new IPAddress([192, 168, (byte)(third * 16), 0]), 20)),
    ];

    /// <summary>The first candidate that overlaps none of the networks in use; null when all do.</summary>
    public static IPNetwork? Choose(IReadOnlyCollection<IPNetwork> used)
    {
        foreach (IPNetwork candidate in Candidates)
        {
            if (!used.Any(network => Overlap(network, candidate)))
                return candidate;
        }

        return null;
    }

    /// <summary>The IPv4 networks that the host's interfaces and routes lead to.</summary>
    public static IReadOnlyCollection<IPNetwork> OfHost() =>
    [
        .. from nic in NetworkInterface.GetAllNetworkInterfaces()
           from address in nic.GetIPProperties().UnicastAddresses
           where address.Address.AddressFamily is AddressFamily.InterNetwork
           select NetworkOf(address.Address, address.PrefixLength),
        .. RouteTable.Parse(File.ReadAllText("/proc/net/route")),
    ];

    /// <summary>The first address of a network: the bridge's own.</summary>
    public static IPAddress GatewayOf(IPNetwork network)
    {
        byte[] bytes = network.BaseAddress.GetAddressBytes();
        bytes[^1]++;
        return new IPAddress(bytes);
    }

    /// <summary>The network that an interface's address lies in.</summary>
    public static IPNetwork NetworkOf(IPAddress address, int prefixLength)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = prefixLength; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), prefixLength);
    }

    static bool Overlap(IPNetwork a, IPNetwork b) => a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress);
}
