using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Strake.Grpc;

/// <summary>Where a server of calls listens and a client finds it: a unix socket, or a host and a port.</summary>
/// <remarks>gRPC <c>doc/naming.md</c>, of which the forms without a resolver; and <c>CSI_ENDPOINT</c> of the CSI specification.</remarks>
/// <example><code>
/// await using GrpcHost host = await GrpcHost.StartAsync(server, new GrpcHostOptions { Addresses = [GrpcAddress.Parse("unix:///run/driver/csi.sock")] }, cancellationToken);
/// </code></example>
public sealed record GrpcAddress
{
    // sockaddr_un holds 107 bytes and a zero (unix(7)).
    const int MaxPathBytes = 107;

    GrpcAddress(EndPoint endPoint) => EndPoint = endPoint;

    /// <summary>The socket's address: a <see cref="UnixDomainSocketEndPoint"/>, an <see cref="IPEndPoint"/>, or where a name is to be looked up a <see cref="DnsEndPoint"/>.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>The unix socket's path; null for TCP.</summary>
    public string? SocketPath => EndPoint is UnixDomainSocketEndPoint unix ? unix.ToString() : null;

    /// <summary>A unix socket.</summary>
    /// <param name="path">Its path, absolute, at most 107 bytes.</param>
    /// <exception cref="FormatException">It is not.</exception>
    public static GrpcAddress Unix(string path) =>
        OfPath(path) ?? throw new FormatException($"{path}: a unix socket needs an absolute path of at most {MaxPathBytes} bytes");

    /// <summary>Reads an address.</summary>
    /// <param name="text"><c>unix:///path</c>, <c>unix:/path</c>, <c>/path</c>, <c>tcp://host:port</c>, <c>dns:///host:port</c> or <c>host:port</c>. Without a host: all addresses of this machine.</param>
    /// <exception cref="FormatException">It is none of these; the message names them.</exception>
    public static GrpcAddress Parse(string text) => TryParse(text, out GrpcAddress? address)
        ? address
        : throw new FormatException($"invalid address ({text}): use unix:///path/to/socket (at most {MaxPathBytes} bytes of path) or tcp://host:port");

    /// <summary>Reads an address; false where it is none.</summary>
    /// <inheritdoc cref="Parse"/>
    /// <param name="text">As for <see cref="Parse"/>.</param>
    /// <param name="address">The address.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out GrpcAddress? address)
    {
        address =
            After(text, "unix://") is { } path ? OfPath(path)
            : After(text, "unix:") is { } brief ? OfPath(brief)
            : text.StartsWith('/') ? OfPath(text)
            : OfHost(After(text, "tcp://") ?? After(text, "dns:///") ?? text);
        return address is not null;
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => EndPoint switch
    {
        UnixDomainSocketEndPoint unix => $"unix://{unix}",
        DnsEndPoint name => string.Create(CultureInfo.InvariantCulture, $"tcp://{name.Host}:{name.Port}"),
        _ => $"tcp://{EndPoint}",
    };

    /// <summary>The address of a socket that is bound: with the port that it was given.</summary>
    internal static GrpcAddress Of(EndPoint endPoint) => new(endPoint);

    static GrpcAddress? OfPath(string path) =>
        path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(path) <= MaxPathBytes
            ? new(new UnixDomainSocketEndPoint(path))
            : null;

    static GrpcAddress? OfHost(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)) return null;
        string host = text[..colon];
        if (host.Length == 0) return new(new IPEndPoint(IPAddress.Any, port));
        if (host is ['[', .., ']']) return IPAddress.TryParse(host, out IPAddress? bracketed) ? new(new IPEndPoint(bracketed, port)) : null;
        if (IPAddress.TryParse(host, out IPAddress? ip) && ip.AddressFamily is AddressFamily.InterNetwork) return new(new IPEndPoint(ip, port));
        return Uri.CheckHostName(host) is UriHostNameType.Dns ? new(new DnsEndPoint(host, port)) : null;
    }

    static string? After(string text, string scheme) => text.StartsWith(scheme, StringComparison.Ordinal) ? text[scheme.Length..] : null;
}
