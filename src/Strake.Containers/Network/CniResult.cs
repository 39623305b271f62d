using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Strake.Containers.Networks;

/// <summary>Reads what plugins answer (CNI specification 1.0.0, section 5.1, "Add Success").</summary>
static class CniResult
{
    /// <summary>The container's end of the result.</summary>
    /// <param name="result"><c>interfaces[] {name, mac, sandbox}</c> and <c>ips[] {address, gateway, interface}</c>.</param>
    /// <param name="networkId">The network.</param>
    /// <exception cref="StrakeException">Unavailable: the result has no address.</exception>
    public static NetworkEndpoint EndpointOf(JsonObject result, string networkId)
    {
        JsonNode inside = (result["interfaces"] as JsonArray ?? []).LastOrDefault(one => one?["sandbox"]?.ToString() is { Length: > 0 })
            ?? throw StrakeException.Unavailable("network bridge: the plugin's result names no interface of the container");
        JsonNode address = (result["ips"] as JsonArray)?.FirstOrDefault()
            ?? throw StrakeException.Unavailable("network bridge: the plugin's result has no address");
        string[] parts = address["address"]?.ToString().Split('/') ?? [];
        if (parts.Length != 2 || !IPAddress.TryParse(parts[0], out IPAddress? ip) || !byte.TryParse(parts[1], out byte prefixLength))
            throw StrakeException.Unavailable($"network bridge: the plugin's address {address["address"]} cannot be read");
        return new NetworkEndpoint
        {
            NetworkId = networkId,
            EndpointId = RandomNumberGenerator.GetHexString(64, lowercase: true),
            InterfaceName = inside["name"]?.ToString() ?? "",
            MacAddress = inside["mac"]?.ToString() ?? "",
            IPAddress = ip.ToString(),
            IPPrefixLen = prefixLength,
            Gateway = address["gateway"]?.ToString() ?? "",
        };
    }

    /// <summary>The network that a container's address lies in.</summary>
    public static IPNetwork SubnetOf(NetworkEndpoint endpoint) =>
        Subnets.NetworkOf(IPAddress.Parse(endpoint.IPAddress), endpoint.IPPrefixLen);
}
