using System.Globalization;

namespace Strake.Images;

/// <summary>A port that an image exposes: <c>80</c>, <c>80/tcp</c>, <c>8000-8010/udp</c>.</summary>
public static class ExposedPort
{
    /// <summary>Whether a text is a port or a range of ports with an optional protocol.</summary>
    public static bool IsWellFormed(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var ports = slash < 0 ? text.AsSpan() : text.AsSpan(0, slash);
        if (slash >= 0 && text[(slash + 1)..].ToLowerInvariant() is not ("tcp" or "udp" or "sctp")) return false;
        var dash = ports.IndexOf('-');
        return dash < 0
            ? TryPort(ports, out _)
            : TryPort(ports[..dash], out var first) && TryPort(ports[(dash + 1)..], out var last) && first <= last;
    }

    /// <summary>Each port with its protocol: <c>80</c> is <c>80/tcp</c>, a range becomes its ports.</summary>
    /// <param name="text">A well-formed port or range.</param>
    public static IEnumerable<string> Expand(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (ports, protocol) = slash < 0 ? (text, "tcp") : (text[..slash], text[(slash + 1)..].ToLowerInvariant());
        var dash = ports.IndexOf('-', StringComparison.Ordinal);
        var first = Parse(dash < 0 ? ports : ports[..dash]);
        var last = Parse(dash < 0 ? ports : ports[(dash + 1)..]);
        return Enumerable.Range(first, last - first + 1).Select(p => $"{p.ToString(CultureInfo.InvariantCulture)}/{protocol}");
    }

    static int Parse(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    static bool TryPort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
