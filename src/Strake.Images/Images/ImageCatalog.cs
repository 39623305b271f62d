namespace Strake.Images;

/// <summary>
/// All images and names as of one moment, for lists and decisions. Immutable.
/// </summary>
sealed class ImageCatalog
{
    readonly Dictionary<ImageId, ImageEntry> _images;
    readonly Dictionary<string, ImageId> _names;
    readonly ILookup<ImageId, ImageId> _children;

    /// <summary>Puts records together; names of images that do not exist are left out.</summary>
    public ImageCatalog(
        IEnumerable<(ImageId Id, Versioned<ImageRecord> Record)> images,
        IEnumerable<KeyValuePair<ImageReference, ImageId>> names,
        UnreadableImages unreadable)
    {
        Unreadable = unreadable;
        var all = names.ToList();
        _names = all.ToDictionary(n => n.Key.ToString(), n => n.Value, StringComparer.Ordinal);
        var byImage = all.ToLookup(n => n.Value, n => n.Key);
        _images = images
            .ToDictionary(i => i.Id, i => new ImageEntry(
                i.Id, i.Record.Value, i.Record.Revision, [.. byImage[i.Id].OrderBy(r => r.Familiar, StringComparer.Ordinal)]));
        _children = _images.Values.Where(i => i.Record.Parent is not null).ToLookup(i => i.Record.Parent!.Value, i => i.Id);
    }

    /// <summary>What is recorded and not here, for it cannot be read.</summary>
    public UnreadableImages Unreadable { get; }

    /// <summary>All images, in no order.</summary>
    public IReadOnlyCollection<ImageEntry> Images => _images.Values;

    /// <summary>The image; null when there is none.</summary>
    public ImageEntry? Find(ImageId id) => _images.GetValueOrDefault(id);

    /// <summary>Whether there is a record of the image, be it readable or not.</summary>
    public bool IsRecorded(ImageId id) => _images.ContainsKey(id) || Unreadable.Images.Contains(id);

    /// <summary>The image that a name stands for; null when there is none.</summary>
    public ImageEntry? Find(ImageReference name) => _names.TryGetValue(name.ToString(), out var id) ? Find(id) : null;

    /// <summary>True when an image was made from this one.</summary>
    public bool HasChildren(ImageId id) => _children.Contains(id);

    /// <summary>The images made from this one.</summary>
    public IEnumerable<ImageId> Children(ImageId id) => _children[id];

    /// <summary>An image and what it was made from, as far as it is there; each once, though records may lie.</summary>
    public IEnumerable<ImageId> WithAncestors(ImageId id)
    {
        var visited = new HashSet<ImageId>();
        for (ImageId? next = id; next is { } current && visited.Add(current) && Find(current) is { } entry; next = entry.Record.Parent)
            yield return current;
    }

    /// <summary>The names within a repository, sorted, with their images.</summary>
    public IEnumerable<(ImageReference Name, ImageEntry Image)> InRepository(ImageReference repository) =>
        _images.Values
            .SelectMany(i => i.References, (image, name) => (Name: name, Image: image))
            .Where(n => string.Equals(n.Name.Name, repository.Name, StringComparison.Ordinal))
            .OrderBy(n => n.Name.Familiar, StringComparer.Ordinal);
}
