using System.Text.Json;

namespace Strake.Volumes;

/// <summary>Plugins that announce themselves by a file: a socket, or a specification that names an address.</summary>
/// <remarks>
/// <code>
/// &lt;socket folder&gt;/&lt;name&gt;.sock, &lt;name&gt;/&lt;name&gt;.sock           found first
/// &lt;specification folder&gt;/&lt;name&gt;.spec, &lt;name&gt;/&lt;name&gt;.spec     the address, as text
/// &lt;specification folder&gt;/&lt;name&gt;.json, &lt;name&gt;/&lt;name&gt;.json     {"Name", "Addr", "TLSConfig"}
/// </code>
/// docs.docker.com "plugin_api": plugin discovery. Nothing is remembered: a plugin that comes or goes is seen at the next look.
/// </remarks>
/// <param name="sockets">Folders of sockets.</param>
/// <param name="specifications">Folders of specifications.</param>
/// <param name="own">The socket at which this engine itself serves its volumes: it is nobody's plugin here. Null: it serves none.</param>
public sealed class PluginFolders(IReadOnlyList<string> sockets, IReadOnlyList<string> specifications, string? own = null) : IPluginSource
{
    const long MaxSpecificationBytes = 64 << 10;

    /// <inheritdoc/>
    public ValueTask<PluginAddress?> FindAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult(Find(name));

    /// <inheritdoc/>
    public IReadOnlyList<string> Names()
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string folder in sockets)
            names.UnionWith(In(folder, ".sock"));
        foreach (string folder in specifications)
        {
            names.UnionWith(In(folder, ".spec"));
            names.UnionWith(In(folder, ".json"));
        }

        return [.. names];
    }

    PluginAddress? Find(string name)
    {
        // The name becomes a path: what could lead elsewhere is no name.
        if (!PluginName.IsPlain(name))
            return null;
        if (Existing(sockets, name, ".sock") is { } socket)
            return new PluginAddress(name, new Uri("unix://" + socket));
        if (Existing(specifications, name, ".spec") is { } specification)
            return PluginAddress.Parse(name, Read(name, specification));
        return Existing(specifications, name, ".json") is { } json ? ParseJson(name, json, Read(name, json)) : null;
    }

    static PluginAddress ParseJson(string name, string path, string text)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, PluginJson.Default.PluginSpecification) is { Addr: { Length: > 0 } address } specification)
                return PluginAddress.Parse(name, address, specification.TLSConfig);
        }
        catch (JsonException malformed)
        {
            throw StrakeException.Invalid($"plugin \"{name}\": {path} is no specification of a plugin: {malformed.Message}", malformed);
        }

        throw StrakeException.Invalid($"plugin \"{name}\": {path} names no address (Addr)");
    }

    static string Read(string name, string path)
    {
        if (new FileInfo(path).Length > MaxSpecificationBytes)
            throw StrakeException.Invalid($"plugin \"{name}\": {path} is too long for a specification of a plugin");
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw StrakeException.Invalid($"plugin \"{name}\": {path} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    string? Existing(IReadOnlyList<string> folders, string name, string extension) =>
        folders.SelectMany(folder => Candidates(folder, name, extension)).FirstOrDefault(path => path != own && File.Exists(path));

    static IEnumerable<string> Candidates(string folder, string name, string extension) =>
        [Path.Combine(folder, name + extension), Path.Combine(folder, name, name + extension)];

    IEnumerable<string> In(string folder, string extension)
    {
        if (!Directory.Exists(folder))
            yield break;
        foreach (string entry in Directory.EnumerateFileSystemEntries(folder))
        {
            string name = Path.GetFileName(entry);
            if (name.EndsWith(extension, StringComparison.Ordinal) && entry != own && File.Exists(entry))
                name = name[..^extension.Length];
            else if (!File.Exists(Path.Combine(entry, name + extension)))
                continue;
            if (PluginName.IsPlain(name))
                yield return name;
        }
    }
}
