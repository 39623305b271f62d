namespace Strake.Images;

/// <summary>From the names given to <c>docker save</c> to images: a repository means all of its tags, an ID an image without names.</summary>
sealed class SaveSelection(ImageRecords records, ImageResolver resolver, ImageReader reader)
{
    /// <summary>The images, each once, in the order in which they were first named.</summary>
    /// <exception cref="StrakeException">As <see cref="ImageStore.GetAsync"/>.</exception>
    public async Task<IReadOnlyList<SavedImage>> SelectAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var catalog = await records.ReadAsync(cancellationToken);
        var order = new List<(ImageId Id, string Name)>();
        var tags = new Dictionary<ImageId, List<ImageReference>>();
        foreach (var name in names)
        {
            foreach (var (id, tag) in await FindAsync(name, catalog, cancellationToken))
            {
                if (!tags.TryGetValue(id, out var known))
                {
                    tags[id] = known = [];
                    order.Add((id, name));
                }

                if (tag is not null && !known.Contains(tag)) known.Add(tag);
            }
        }

        var images = new List<SavedImage>();
        foreach (var (id, name) in order)
        {
            // Removed since: told in the words of whoever asked, who never saw the ID.
            var image = await reader.FindAsync(id, cancellationToken) ?? throw ImageResolver.NoSuchImage(name);
            images.Add(new SavedImage(image, tags[id]));
        }

        return images;
    }

    async Task<IEnumerable<(ImageId Id, ImageReference? Tag)>> FindAsync(string name, ImageCatalog catalog, CancellationToken cancellationToken)
    {
        if (ImageReference.TryParse(name, out var reference) && reference.Digest is null)
        {
            var tagged = catalog.InRepository(reference)
                .Where(n => n.Name.Digest is null && (reference.IsNameOnly || n.Name == reference))
                .Select(n => (n.Image.Id, (ImageReference?)n.Name))
                .ToList();
            if (tagged.Count > 0) return tagged;
        }

        return [(await resolver.GetAsync(name, cancellationToken), null)];
    }
}
