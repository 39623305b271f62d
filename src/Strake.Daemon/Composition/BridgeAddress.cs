using System.Globalization;
using System.Net;

namespace Strake.Daemon.Composition;

/// <summary>The default bridge's addresses.</summary>
static class BridgeAddress
{
    /// <summary>Reads <c>--bip</c>.</summary>
    /// <param name="text">The bridge's own address with the prefix's length: <c>172.30.0.1/16</c>.</param>
    /// <exception cref="StrakeException">Invalid: another form. NotSupported: not the first address of its subnet.</exception>
    public static IPNetwork ParseSubnet(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length != 2 || !IPAddress.TryParse(parts[0], out IPAddress? address) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int prefix) || prefix is < 8 or > 30
            || address.AddressFamily is not System.Net.Sockets.AddressFamily.InterNetwork)
            throw StrakeException.Invalid($"the setting bip wants an IPv4 address and a prefix, such as 172.30.0.1/16, not \"{text}\"");
        byte[] bytes = address.GetAddressBytes();
        uint bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes);
        uint network = bits & (uint.MaxValue << (32 - prefix));
        if (bits != network + 1) throw StrakeException.NotSupported($"the setting bip must be the first address of its subnet for now, not {text}");
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, network);
        return new IPNetwork(new IPAddress(bytes), prefix);
    }
}
