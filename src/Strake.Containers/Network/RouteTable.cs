using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Numerics;

namespace Strake.Containers.Networks;

/// <summary>Reads <c>/proc/net/route</c> (proc(5)).</summary>
static class RouteTable
{
    const int Destination = 1;
    const int Mask = 7;

    /// <summary>The destinations of all routes but the default one.</summary>
    /// <param name="text">
    /// A heading, then a line a route with tab-separated fields:
    /// <c>(0)Iface (1)Destination (2)Gateway (3)Flags (4)RefCnt (5)Use (6)Metric (7)Mask (8)MTU (9)Window (10)IRTT</c>;
    /// addresses are the 32 bits in network order, printed as one hexadecimal number of the host's order.
    /// </param>
    public static IReadOnlyList<IPNetwork> Parse(string text)
    {
        var networks = new List<IPNetwork>();
        foreach (string line in text.Split('\n').Skip(1))
        {
            string[] fields = line.Split('\t');
            if (fields.Length <= Mask || !TryAddress(fields[Destination], out uint destination) || !TryAddress(fields[Mask], out uint mask))
                continue;
            int prefixLength = BitOperations.PopCount(mask);
            if (prefixLength > 0)
                networks.Add(new IPNetwork(Address(destination & mask), prefixLength));
        }

        return networks;
    }

    static bool TryAddress(string field, out uint address) =>
        uint.TryParse(field, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address);

    static IPAddress Address(uint hostOrder)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, hostOrder);
        return new IPAddress(bytes);
    }
}
