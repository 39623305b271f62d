using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Strake.Containers.Networks;

/// <summary>A network interface of the host.</summary>
static class HostLink
{
    /// <summary>The IPv4 network of an interface that is there already; null when it is not, or has no address.</summary>
    public static IPNetwork? SubnetOf(string name) => (
        from nic in NetworkInterface.GetAllNetworkInterfaces()
        where nic.Name == name
        from address in nic.GetIPProperties().UnicastAddresses
        where address.Address.AddressFamily is AddressFamily.InterNetwork
        select (IPNetwork?)Subnets.NetworkOf(address.Address, address.PrefixLength)).FirstOrDefault();

    /// <summary>Whether there is a bridge of that name.</summary>
    public static bool IsBridge(string name) => Directory.Exists(PortsOf(name));

    /// <summary>Whether interfaces are on a bridge.</summary>
    public static bool HasPorts(string name) => Directory.EnumerateFileSystemEntries(PortsOf(name)).Any();

    static string PortsOf(string name) => $"/sys/class/net/{name}/brif";

    /// <summary>Removes an interface; one that is gone already is no error.</summary>
    /// <exception cref="StrakeException">Unavailable: the host refuses.</exception>
    public static async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        if (!Directory.Exists("/sys/class/net/" + name))
            return;
        ToolResult removed = await HostTool.RunAsync("ip", ["link", "delete", name, "type", "bridge"], cancellationToken);
        if (!removed.Succeeded)
            throw StrakeException.Unavailable($"network bridge: interface {name} could not be removed: {removed.Errors}");
    }
}
