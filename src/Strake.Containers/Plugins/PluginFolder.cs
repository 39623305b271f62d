using Strake.Images;

namespace Strake.Containers.Plugins;

/// <summary>Where managed plugins lie.</summary>
/// <remarks>
/// <code>
/// &lt;data root&gt;/plugins/
///   blobs/sha256/&lt;hex&gt;     manifests, configs, and layers as they are sent; what no record names goes at a start
///   &lt;id&gt;/
///     root-&lt;random&gt;/       the layers, unpacked; another one after an upgrade
///     propagated/           what the plugin mounts is seen here: a mount of its own, shared
///     log                   what it printed
/// &lt;exec root&gt;/managed/
///   s/&lt;12 digits&gt;/&lt;socket&gt;   its /run/docker/plugins
///   containers/&lt;id&gt;/ …     as of a container
/// </code>
/// </remarks>
/// <param name="dataRoot">The data root.</param>
/// <param name="execRoot">The exec root.</param>
sealed class PluginFolder(string dataRoot, string execRoot)
{
    const int ShortId = 12;

    public string Home { get; } = $"{dataRoot}/plugins";

    public string Blobs => $"{Home}/blobs/sha256";

    /// <summary>The exec root of what runs.</summary>
    public string Running { get; } = $"{execRoot}/managed";

    public string Of(string id) => $"{Home}/{id}";

    public string Root(string id, string root) => $"{Home}/{id}/{root}";

    public string Propagated(string id) => $"{Home}/{id}/propagated";

    public string Log(string id) => $"{Home}/{id}/log";

    public string Blob(string digest) => $"{Blobs}/{digest[(digest.IndexOf(':', StringComparison.Ordinal) + 1)..]}";

    // A socket's path may have 107 bytes.
    public string Sockets(string id) => $"{Running}/s/{id[..ShortId]}";

    /// <summary>The ids of all folders of plugins.</summary>
    public IEnumerable<string> List() => Directory.Exists(Home)
        ? Directory.EnumerateDirectories(Home).Select(Path.GetFileName).OfType<string>().Where(static name => name.Length == 64 && Digest.IsHex(name))
        : [];
}
