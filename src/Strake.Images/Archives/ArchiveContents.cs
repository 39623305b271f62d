namespace Strake.Images;

/// <summary>What an archive held, by its names: small documents in memory, layers as they were received.</summary>
sealed class ArchiveContents
{
    // Links to links: the kernel's own bound.
    const int LinkDepth = 40;

    readonly Dictionary<string, byte[]> _documents = new(StringComparer.Ordinal);
    readonly Dictionary<string, ArchivedLayer> _layers = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    long _documentBytes;

    /// <summary>Keeps a document.</summary>
    /// <exception cref="StrakeException">TooLarge: all documents together are over <see cref="ImageLimits.ArchiveDocumentsBytes"/>.</exception>
    public void Add(string key, byte[] document)
    {
        _documentBytes += document.Length;
        if (_documentBytes > ImageLimits.ArchiveDocumentsBytes)
            throw StrakeException.TooLarge($"invalid archive: its documents have more than {ImageLimits.ArchiveDocumentsBytes} bytes");
        Forget(key);
        _documents[key] = document;
    }

    /// <summary>Keeps a layer.</summary>
    public void Add(string key, ArchivedLayer layer)
    {
        Forget(key);
        _layers[key] = layer;
    }

    /// <summary>Keeps a link, symbolic or hard; old archives write a layer once and link to it.</summary>
    public void AddLink(string key, string target)
    {
        Forget(key);
        _links[key] = target;
    }

    /// <summary>A document by the name that another document gives; null when the archive does not hold it.</summary>
    public byte[]? Document(string name) => Resolve(name) is { } key ? _documents.GetValueOrDefault(key) : null;

    /// <summary>A layer by the name that a document gives; null when the archive does not hold it.</summary>
    public ArchivedLayer? Layer(string name) => Resolve(name) is { } key ? _layers.GetValueOrDefault(key) : null;

    string? Resolve(string name)
    {
        if (!ArchivePath.TryNormalise(name, out var key)) return null;
        for (var depth = 0; depth < LinkDepth; depth++)
        {
            if (!_links.TryGetValue(key, out var target)) return key;
            key = target;
        }

        return null;
    }

    // As in any tar, of several entries of one name the last one counts.
    void Forget(string key)
    {
        _documents.Remove(key);
        _layers.Remove(key);
        _links.Remove(key);
    }
}
