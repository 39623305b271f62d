using System.Globalization;

namespace Strake.Images;

/// <summary>A port that an image exposes: <c>80</c>, <c>80/tcp</c>, <c>8000-8010/udp</c>.</summary>
static class ExposedPort
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

    static bool TryPort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
