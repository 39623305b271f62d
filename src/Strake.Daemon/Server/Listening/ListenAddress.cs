using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Strake.Daemon.Server;

/// <summary>Where the daemon listens: what <c>-H</c> gives.</summary>
/// <param name="EndPoint">The socket's address.</param>
public sealed record ListenAddress(EndPoint EndPoint)
{
    /// <summary>The port of <c>tcp://</c> where none is given; Docker's for a plain daemon.</summary>
    const int DefaultPort = 2375;

    /// <summary>The unix socket's path; null for TCP.</summary>
    public string? Path => EndPoint is UnixDomainSocketEndPoint unix ? unix.ToString() : null;

    /// <summary>Reads an address.</summary>
    /// <param name="text"><c>unix:///path</c>, <c>tcp://address[:port]</c> or a path.</param>
    /// <exception cref="StrakeException">Invalid: neither; names what is possible.</exception>
    public static ListenAddress Parse(string text)
    {
        if (text.StartsWith("unix://", StringComparison.Ordinal)) return Unix(text["unix://".Length..], text);
        if (text.StartsWith("tcp://", StringComparison.Ordinal)) return Tcp(text["tcp://".Length..].TrimEnd('/'), text);
        if (text.StartsWith('/')) return Unix(text, text);
        throw StrakeException.Invalid($"invalid bind address ({text}): use unix:///path/to/socket or tcp://127.0.0.1:2375");
    }

    /// <summary>Reads the address of a setting that can be TCP alone.</summary>
    /// <param name="setting">The setting, for the message.</param>
    /// <param name="text"><c>address:port</c>; port 0: any that is free.</param>
    /// <exception cref="StrakeException">Invalid: it is none.</exception>
    public static ListenAddress ParseTcp(string setting, string text)
    {
        string numeric = text.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal);
        // Without a port it would be any one.
        if (IPEndPoint.TryParse(numeric, out IPEndPoint? endPoint) && (endPoint.Port > 0 || numeric.EndsWith(":0", StringComparison.Ordinal))) return new(endPoint);
        throw StrakeException.Invalid($"the setting {setting} wants an IP address and a port, such as 127.0.0.1:6443, not \"{text}\"");
    }

    static ListenAddress Unix(string path, string text)
    {
        // sockaddr_un holds 107 bytes and a zero (unix(7)).
        if (!path.StartsWith('/') || System.Text.Encoding.UTF8.GetByteCount(path) > 107)
            throw StrakeException.Invalid($"invalid bind address ({text}): a unix socket needs an absolute path of at most 107 bytes");
        return new(new UnixDomainSocketEndPoint(path));
    }

    static ListenAddress Tcp(string rest, string text)
    {
        if (!rest.Contains(':', StringComparison.Ordinal)) rest += ":" + DefaultPort.ToString(CultureInfo.InvariantCulture);
        rest = rest.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal);
        if (IPEndPoint.TryParse(rest, out IPEndPoint? endPoint) && endPoint.Port > 0) return new(endPoint);
        throw StrakeException.Invalid($"invalid bind address ({text}): a TCP address is an IP address and a port");
    }

    /// <summary>As the user writes it.</summary>
    public override string ToString() => Path is { } path ? $"unix://{path}" : $"tcp://{EndPoint}";
}
