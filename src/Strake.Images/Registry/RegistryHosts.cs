using System.Net;
using System.Net.Sockets;

namespace Strake.Images;

/// <summary>Which hosts serve a registry, by the user's settings.</summary>
/// <remarks>
/// In this order: <c>hosts.toml</c> of the first folder that has one for the registry, whole; else the mirrors (for Docker Hub alone, as in
/// Docker) and the registry itself. Settings are read when a repository is opened: a change counts at once.
/// </remarks>
sealed class RegistryHosts(RegistryClientOptions options)
{
    const string Hub = "registry-1.docker.io";

    /// <summary>The hosts of a registry, in the order in which they are asked; the registry itself is the last.</summary>
    /// <param name="domain">The registry's part of a reference: host, and port where one is written.</param>
    /// <param name="cancellationToken">Cancels the look-up of addresses.</param>
    /// <exception cref="StrakeException">Invalid: a setting; names the file.</exception>
    public async Task<IReadOnlyList<RegistryHost>> FindAsync(string domain, CancellationToken cancellationToken)
    {
        var origin = await TrustedAsync(Origin(domain), domain, cancellationToken);
        var file = Folders(domain).Select(static f => Path.Combine(f, "hosts.toml")).FirstOrDefault(File.Exists);
        if (file is not null) return HostsFile.Read(file, domain, origin);
        if (domain != ImageReference.DefaultDomain) return [origin];
        List<RegistryHost> all = [];
        foreach (var address in options.Mirrors)
        {
            var mirror = new RegistryHost(RootOf(address)) { Abilities = RegistryAbilities.Pull | RegistryAbilities.Resolve };
            all.Add(await TrustedAsync(mirror, mirror.Root.Authority, cancellationToken));
        }

        return [.. all, origin];
    }

    static RegistryHost Origin(string domain) => new(RootOf($"https://{(domain == ImageReference.DefaultDomain ? Hub : domain)}")) { IsOrigin = true };

    async Task<RegistryHost> TrustedAsync(RegistryHost host, string domain, CancellationToken cancellationToken)
    {
        var isInsecure = await IsInsecureAsync(host.Root, domain, cancellationToken);
        return host with { Tls = CertificatesOf(domain) with { SkipVerify = isInsecure }, MayBePlain = isInsecure && host.Root.Scheme == Uri.UriSchemeHttps };
    }

    /// <summary>The root of the API at an address that has no path, or one that the API lies below.</summary>
    /// <exception cref="StrakeException">Invalid: no address of that kind.</exception>
    public static Uri RootOf(string address)
    {
        var text = address.Contains("://", StringComparison.Ordinal) ? address : $"https://{address}";
        if (!Uri.TryCreate(text.TrimEnd('/') + "/v2/", UriKind.Absolute, out var root) || root.Scheme is not ("http" or "https") || root.UserInfo.Length + root.Query.Length + root.Fragment.Length > 0)
            throw StrakeException.Invalid($"\"{address}\" is not the address of a registry; it has to look like https://host:port");
        return root;
    }

    // containerd writes a colon in a folder's name as it is, or with underscores where a file system cannot have it.
    IEnumerable<string> Folders(string domain)
    {
        var server = domain == ImageReference.DefaultDomain ? domain : domain.ToLowerInvariant();
        var port = server.LastIndexOf(':');
        string[] names = port > 0 ? [server, $"{server[..port]}_{server[(port + 1)..]}_", "_default"] : [server, "_default"];
        return from folder in options.HostFolders from name in names select Path.Combine(folder, name);
    }

    // dockerd's certs.d: all *.crt are authorities; NAME.cert goes with NAME.key.
    RegistryTls CertificatesOf(string domain)
    {
        if (Folders(domain).FirstOrDefault(f => !f.EndsWith("_default", StringComparison.Ordinal) && Directory.Exists(f)) is not { } folder) return RegistryTls.Default;
        return new RegistryTls
        {
            Authorities = [.. Directory.GetFiles(folder, "*.crt").Order(StringComparer.Ordinal)],
            Clients = [.. Directory.GetFiles(folder, "*.cert").Order(StringComparer.Ordinal)
                .Select(c => new RegistryTls.ClientCertificate(c, Path.ChangeExtension(c, ".key")))],
        };
    }

    async Task<bool> IsInsecureAsync(Uri root, string domain, CancellationToken cancellationToken)
    {
        if (options.InsecureRegistries.Contains(domain, StringComparer.OrdinalIgnoreCase)) return true;
        var host = root.IdnHost.Trim('[', ']');
        if (options.InsecureRegistries.Contains(host, StringComparer.OrdinalIgnoreCase)) return true;
        var ranges = options.InsecureRegistries.Select(static r => IPNetwork.TryParse(r, out var range) ? range : (IPNetwork?)null).OfType<IPNetwork>().ToList();
        foreach (var address in await AddressesAsync(host, hasRanges: ranges.Count > 0, cancellationToken))
        {
            if (IPAddress.IsLoopback(address) || ranges.Exists(range => range.Contains(address))) return true;
        }

        return false;
    }

    // A name is looked up only where that can decide something: every look-up takes time, and tells somebody.
    static async Task<IPAddress[]> AddressesAsync(string host, bool hasRanges, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var address)) return [address];
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return [IPAddress.Loopback];
        if (!hasRanges) return [];
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            // The request will fail for the same reason, and say so.
            return [];
        }
    }
}
