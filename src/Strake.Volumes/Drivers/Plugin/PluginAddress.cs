namespace Strake.Volumes;

/// <summary>Where a plugin listens, and how the paths that it names are to be read.</summary>
/// <param name="Name">The name that users choose it by.</param>
/// <param name="Endpoint">A <c>unix</c>, <c>http</c> or <c>https</c> address.</param>
public sealed record PluginAddress(string Name, Uri Endpoint)
{
    /// <summary>How to encrypt; null: as the endpoint says, with the system's certificates.</summary>
    public PluginTls? Tls { get; init; }

    /// <summary>
    /// For a plugin that lives in a root of its own: the directory in it below which its mounts appear, and where the host sees that. Null: the
    /// plugin names paths of the host.
    /// </summary>
    public PluginView? View { get; init; }

    /// <summary>Reads an address as plugins write it: <c>unix:///path</c>, <c>tcp://host:port</c>, <c>http://…</c>, <c>https://…</c>.</summary>
    /// <param name="name">The plugin.</param>
    /// <param name="text">The address.</param>
    /// <param name="tls">How to encrypt; null: not, but for https.</param>
    /// <exception cref="StrakeException">Invalid: no such address; names the plugin.</exception>
    public static PluginAddress Parse(string name, string text, PluginTls? tls = null)
    {
        string trimmed = text.Trim();
        if (trimmed.StartsWith("unix://", StringComparison.Ordinal))
        {
            string path = "/" + trimmed["unix://".Length..].TrimStart('/');
            return new PluginAddress(name, new Uri("unix://" + path));
        }

        if (!Uri.TryCreate(trimmed, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("tcp" or "http" or "https") || uri.Host.Length == 0)
            throw StrakeException.Invalid($"plugin \"{name}\": \"{trimmed}\" is no address of a plugin: unix:///path, tcp://host:port, http:// and https:// are");
        string scheme = uri.Scheme is "https" || tls is not null ? "https" : "http";
        return new PluginAddress(name, new UriBuilder(scheme, uri.Host, uri.Port > 0 ? uri.Port : -1).Uri) { Tls = tls };
    }

    /// <summary>The socket's path; null where it is none.</summary>
    public string? SocketPath => Endpoint.Scheme == "unix" ? Endpoint.LocalPath : null;
}
