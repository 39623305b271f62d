using System.Buffers;
using System.Globalization;
using System.Text;

namespace Strake.Grpc;

/// <summary>
/// Text in a header: UTF-8, where each byte that is no visible ASCII character, and the percent sign, is written as <c>%XX</c>.
/// </summary>
/// <remarks>gRPC <c>doc/PROTOCOL-HTTP2.md</c>, <c>Percent-Encoded</c>: who decodes passes over what is no proper encoding.</remarks>
static class PercentText
{
    // 0x20 to 0x7E without '%'.
    static readonly SearchValues<char> s_plain = SearchValues.Create(
        string.Concat(Enumerable.Range(0x20, 0x7F - 0x20).Select(static c => (char)c)).Replace("%", "", StringComparison.Ordinal));

    /// <summary>Writes a text so that it can stand in a header.</summary>
    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(s_plain)) return text;
        var encoded = new StringBuilder(text.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (s_plain.Contains((char)b)) encoded.Append((char)b);
            else encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return encoded.ToString();
    }

    /// <summary>Reads a header's text; what is no proper encoding stays as it is.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal)) return text;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '%' && TryByte(bytes.AsSpan(i), out byte value))
            {
                bytes[length++] = value;
                i += 2;
            }
            else
            {
                bytes[length++] = bytes[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    static bool TryByte(ReadOnlySpan<byte> escape, out byte value)
    {
        value = 0;
        return escape.Length >= 3 && byte.TryParse(escape.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
