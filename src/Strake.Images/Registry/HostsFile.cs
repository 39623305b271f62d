namespace Strake.Images;

/// <summary>Reads <c>hosts.toml</c>, containerd's form of settings for a registry (containerd <c>docs/hosts.md</c>). Strict: what is not known is refused.</summary>
/// <remarks>
/// <code>
/// server = "https://registry.example"          # the registry itself; asked last
///
/// [host."https://mirror.example"]
///   capabilities = ["pull", "resolve"]
///   ca = "/etc/certs/mirror.pem"               # or a list
///   client = [["cert.pem", "key.pem"]]         # paths are relative to the file
///   skip_verify = false
///   override_path = false                      # true: the address is the root of the API, without /v2
///   [host."https://mirror.example".header]
///     x-custom = "value"
/// </code>
/// A host without <c>capabilities</c> is asked for what can be pulled: nothing is sent to a mirror unless the file says so. containerd
/// would send it there.
/// </remarks>
static class HostsFile
{
    // Real ones have some twenty lines.
    const int MostBytes = 256 << 10;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="domain">The registry, for the message.</param>
    /// <param name="origin">The registry where the file names no <c>server</c>.</param>
    /// <returns>The hosts, the registry itself last.</returns>
    /// <exception cref="StrakeException">Invalid: names file and line.</exception>
    public static IReadOnlyList<RegistryHost> Read(string path, string domain, RegistryHost origin)
    {
        if (new FileInfo(path).Length > MostBytes) throw StrakeException.Invalid($"{path}: over {MostBytes} bytes");
        try
        {
            return Parse(File.ReadAllText(path), Path.GetDirectoryName(path)!, domain, origin);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw StrakeException.Invalid($"{path}, the settings of registry {domain}: {e.Message}", e);
        }
    }

    /// <summary>The hosts of a text; pure.</summary>
    /// <param name="text">The file's.</param>
    /// <param name="folder">Where the files lie that it names.</param>
    /// <param name="domain">The registry.</param>
    /// <param name="origin">The registry where the text names no <c>server</c>.</param>
    /// <exception cref="FormatException">Says what and in which line.</exception>
    public static IReadOnlyList<RegistryHost> Parse(string text, string folder, string domain, RegistryHost origin)
    {
        var server = origin;
        Dictionary<string, RegistryHost> hosts = new(StringComparer.Ordinal);
        List<string> order = [];
        foreach (var entry in TomlReader.Read(text))
        {
            switch (entry.Table)
            {
                case []:
                    server = entry.Key is "server" ? Named(server, entry) : Set(server, entry, folder);
                    break;
                case ["host", var address]:
                    Change(address, host => entry.Key.Length == 0 ? host : Set(host, entry, folder), entry);
                    break;
                case ["host", var address, "header"]:
                    Change(address, host => entry.Key.Length == 0 ? host : WithHeader(host, entry), entry);
                    break;
                case ["header"]:
                    server = entry.Key.Length == 0 ? server : WithHeader(server, entry);
                    break;
                default:
                    throw entry.Fault($"[{string.Join('.', entry.Table)}] is not known");
            }
        }

        // The registry itself may be listed too: with another scheme, or for its settings. It is the last in any case.
        return [.. order.Select(address => hosts[address]).Where(static h => !h.IsOrigin), hosts.Values.FirstOrDefault(static h => h.IsOrigin) ?? server];

        void Change(string address, Func<RegistryHost, RegistryHost> change, TomlEntry entry)
        {
            if (!hosts.TryGetValue(address, out var host))
            {
                order.Add(address);
                host = new RegistryHost(RootOf(entry, address)) { Abilities = RegistryAbilities.Pull | RegistryAbilities.Resolve, Namespace = domain };
                if (host.Root.Authority == server.Root.Authority) host = host with { IsOrigin = true, Abilities = RegistryAbilities.All, Namespace = null };
            }

            hosts[address] = change(host);
        }
    }

    // Who writes an address says with it whether it is encrypted.
    static RegistryHost Named(RegistryHost server, TomlEntry entry) =>
        server.HasOwnPath ? throw entry.Fault("\"server\" has to stand before \"override_path\"") : server with { Root = RootOf(entry, entry.Text()), MayBePlain = false };

    static RegistryHost Set(RegistryHost host, TomlEntry entry, string folder) => entry.Key switch
    {
        "capabilities" => host with { Abilities = entry.Texts().Aggregate(RegistryAbilities.None, (all, word) => all | Ability(entry, word)) },
        "ca" => host with { Tls = host.Tls with { Authorities = [.. entry.Texts().Select(file => Path.Combine(folder, file))] } },
        "client" => host with { Tls = host.Tls with { Clients = [.. Clients(entry, folder)] } },
        "skip_verify" => host with { Tls = host.Tls with { SkipVerify = entry.Flag() } },
        "override_path" => entry.Flag() ? host with { Root = WithoutVersion(host.Root), HasOwnPath = true } : host,
        // Time-outs are the engine's.
        "dial_timeout" => host,
        var other => throw entry.Fault($"\"{other}\" is not known"),
    };

    static RegistryHost WithHeader(RegistryHost host, TomlEntry entry) => !IsHeader(entry)
        ? throw entry.Fault("a header is a name of letters and hyphens and a value of printable characters")
        : host with { Headers = new Dictionary<string, string>(host.Headers) { [entry.Key] = string.Join(", ", entry.Texts()) } };

    static bool IsHeader(TomlEntry entry) =>
        entry.Key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && entry.Texts().All(static v => !v.AsSpan().ContainsAnyExceptInRange(' ', '~'));

    static RegistryAbilities Ability(TomlEntry entry, string word) => word switch
    {
        "pull" => RegistryAbilities.Pull,
        "resolve" => RegistryAbilities.Resolve,
        "push" => RegistryAbilities.Push,
        _ => throw entry.Fault($"unknown capability \"{word}\"; there are pull, resolve, push"),
    };

    // A file with both; a list of such files; or pairs of certificate and key.
    static IEnumerable<RegistryTls.ClientCertificate> Clients(TomlEntry entry, string folder) => entry.Lists().Select(pair => pair switch
    {
        [var both] => new RegistryTls.ClientCertificate(Path.Combine(folder, both), Path.Combine(folder, both)),
        [var certificate, ""] => new RegistryTls.ClientCertificate(Path.Combine(folder, certificate), Path.Combine(folder, certificate)),
        [var certificate, var key] => new RegistryTls.ClientCertificate(Path.Combine(folder, certificate), Path.Combine(folder, key)),
        _ => throw entry.Fault("a client certificate is a file, or a pair of files"),
    });

    static Uri WithoutVersion(Uri root) => new(root.AbsoluteUri[..^"v2/".Length]);

    static Uri RootOf(TomlEntry entry, string address)
    {
        try
        {
            return RegistryHosts.RootOf(address);
        }
        catch (StrakeException e)
        {
            throw entry.Fault(e.Message);
        }
    }
}
