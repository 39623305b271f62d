using System.Net;

namespace Strake.Images;

/// <summary>Which proxy a request goes through: the rules of Go's programs, which are Docker's (golang.org/x/net/http/httpproxy). Immutable.</summary>
/// <remarks>
/// <c>NO_PROXY</c> is a list with commas: <c>*</c>; an address or a range of addresses; <c>example.org</c> for that host and all below it;
/// <c>.example.org</c> or <c>*.example.org</c> for those below it alone; each with <c>:port</c> if one port is meant. This machine is never
/// reached through a proxy. The runtime's own reading of the variables knows neither ranges nor ports.
/// </remarks>
public sealed class RegistryProxy : IWebProxy, ICredentials
{
    readonly Uri? http;
    readonly Uri? https;
    readonly IReadOnlyList<Bypass> bypasses;

    /// <summary>The proxies of some settings.</summary>
    /// <param name="http">The proxy of plain requests, such as <c>http://proxy.example:3128</c>; null or empty: none.</param>
    /// <param name="https">The proxy of encrypted requests.</param>
    /// <param name="none">Hosts that are reached without.</param>
    /// <exception cref="StrakeException">Invalid: no address of a proxy. The message does not have its password.</exception>
    public RegistryProxy(string? http, string? https, string? none)
    {
        (this.http, this.https) = (AddressOf(http), AddressOf(https));
        bypasses = [.. (none ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Bypass.Parse)];
    }

    /// <summary>What the environment says; names in capitals count first.</summary>
    /// <param name="variable">The value of a variable; null when it is not set.</param>
    /// <exception cref="StrakeException">Invalid: a variable.</exception>
    public static RegistryProxy FromEnvironment(Func<string, string?> variable)
    {
        return new RegistryProxy(Either("HTTP_PROXY"), Either("HTTPS_PROXY"), Either("NO_PROXY"));

        string? Either(string name) => variable(name) is { Length: > 0 } capitals ? capitals : variable(name.ToLowerInvariant());
    }

    /// <summary>Shown to a proxy whose address has a name and a password: see <see cref="GetCredential"/>.</summary>
    ICredentials? IWebProxy.Credentials
    {
        get => this;
        set => throw new NotSupportedException();
    }

    /// <summary>The proxy for an address; null: none.</summary>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : ProxyOf(destination);

    /// <summary>Whether an address is reached without a proxy.</summary>
    public bool IsBypassed(Uri host)
    {
        if (ProxyOf(host) is null || host.IsLoopback || host.Host == "localhost") return true;
        var name = host.IdnHost.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
        var address = IPAddress.TryParse(name, out var parsed) ? parsed : null;
        return bypasses.Any(e => e.Matches(name, address, host.Port));
    }

    /// <summary>The name and password in a proxy's own address.</summary>
    public NetworkCredential? GetCredential(Uri uri, string authType)
    {
        var proxy = new[] { http, https }.FirstOrDefault(p => p is { UserInfo.Length: > 0 } && p.Authority == uri.Authority);
        if (proxy is null) return null;
        var parts = proxy.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    Uri? ProxyOf(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? https : http;

    static Uri? AddressOf(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(full, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "socks5" && address.Host.Length > 0
            ? address
            : throw StrakeException.Invalid("the address of a proxy in the settings or the environment is not of the form http://host:port");
    }

    // One of: everything, a range, a name with or without what is below it.
    sealed record Bypass(bool IsAll, IPNetwork? Range, string Name, bool IsBelowOnly, int? Port)
    {
        public static Bypass Parse(string text)
        {
            if (text == "*") return new Bypass(IsAll: true, null, "", false, null);
            if (IPNetwork.TryParse(text, out var range)) return new Bypass(false, range, "", false, null);
            var (name, port) = SplitPort(text.ToLowerInvariant());
            if (IPAddress.TryParse(name.Trim('[', ']'), out var address))
                return new Bypass(false, new IPNetwork(address, address.GetAddressBytes().Length * 8), "", false, port);
            var below = name.StartsWith("*.", StringComparison.Ordinal) ? name[1..] : name;
            return new Bypass(false, null, below.TrimStart('.'), below.StartsWith('.'), port);
        }

        public bool Matches(string host, IPAddress? address, int port)
        {
            if (IsAll) return true;
            if (Port is { } only && only != port) return false;
            if (Range is { } range) return address is not null && range.Contains(address);
            if (Name.Length == 0) return false;
            return (!IsBelowOnly && host == Name) || host.EndsWith("." + Name, StringComparison.Ordinal);
        }

        // A colon in an address of IPv6 is no port's.
        static (string Name, int? Port) SplitPort(string text)
        {
            var colon = text.LastIndexOf(':');
            var isPort = colon > 0 && (text.IndexOf(':', StringComparison.Ordinal) == colon || text[colon - 1] == ']');
            return isPort && int.TryParse(text.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture, out var port) ? (text[..colon], port) : (text, null);
        }
    }
}
