namespace Strake.Images;

/// <summary>The records of images and names in the state store, and the transactions that keep them in step.</summary>
/// <remarks>The layout is drawn at <see cref="ImageRecord"/>.</remarks>
sealed class ImageRecords(IStateStore state)
{
    const string ImagePrefix = "image/";

    readonly StateTable<ImageRecord> _images = new(state, ImagePrefix, ImageJson.Default.ImageRecord);
    readonly StateTable<LayerBlobs> _blobs = new(state, "blob/", ImageJson.Default.LayerBlobs);
    readonly StateTable<TagRecord> _tags = new(state, "tag/", ImageJson.Default.TagRecord);

    /// <summary>Where all references to layers stand, those of images and of others.</summary>
    public const string LayerReferencePrefix = "layer-reference/";

    /// <summary>Whether the key of a layer reference names an image as the owner.</summary>
    public static bool IsImageReference(string key)
    {
        var owner = LayerReferencePrefix.Length + Digest.HexLength + 1;
        return key.Length > owner && key.AsSpan(owner).StartsWith(ImagePrefix);
    }

    /// <summary>The owner that an image's layer reference names.</summary>
    public static string Owner(ImageId id) => ImagePrefix + id.Digest.Hex;

    /// <summary>
    /// Reads everything. Costs as much as there are images. A record that cannot be read is told of in the catalog, and hides no other.
    /// </summary>
    public async ValueTask<ImageCatalog> ReadAsync(CancellationToken cancellationToken)
    {
        var unreadable = new UnreadableImages();
        // Names first: a name written between the two reads belongs to an image that the second read sees.
        var tags = await _tags.ListAsync((_, why) => unreadable.AddName(why), cancellationToken);
        var images = await _images.ListAsync(unreadable.AddImage, cancellationToken);
        var entries = new List<(ImageId, Versioned<ImageRecord>)>(images.Count);
        foreach (var image in images)
        {
            if (TryId(image.Id, out var id)) entries.Add((id, image));
            else unreadable.AddImage(image.Id, StrakeException.DataLoss($"record {_images.Key(image.Id)} does not have an image's ID as its key"));
        }

        return new ImageCatalog(entries, Names(tags), unreadable);
    }

    /// <summary>The names of one image, sorted by their familiar form.</summary>
    public async ValueTask<IReadOnlyList<ImageReference>> NamesOfAsync(ImageId id, CancellationToken cancellationToken) =>
    [
        .. Names(await TagsAsync(cancellationToken))
            .Where(n => n.Value == id).Select(n => n.Key).OrderBy(n => n.Familiar, StringComparer.Ordinal),
    ];

    /// <summary>The images whose ID begins with some digits.</summary>
    public async ValueTask<IReadOnlyList<ImageId>> StartingWithAsync(string digits, CancellationToken cancellationToken)
    {
        var found = new List<ImageId>();
        foreach (var entry in await state.RangeAsync(ImagePrefix + digits, cancellationToken))
        {
            if (TryId(entry.Key[ImagePrefix.Length..], out var id)) found.Add(id);
        }

        return found;
    }

    /// <summary>Names of images that are not there; no operation of ours leaves one.</summary>
    public async ValueTask<IReadOnlyList<string>> LostNamesAsync(CancellationToken cancellationToken)
    {
        var lost = new List<string>();
        foreach (var tag in await TagsAsync(cancellationToken))
        {
            if (!await ExistsAsync(tag.Value.Image, cancellationToken)) lost.Add(tag.Id);
        }

        return lost;
    }

    /// <summary>Keys of names that are no references; no operation of ours writes one.</summary>
    public async ValueTask<IReadOnlyList<string>> MalformedNamesAsync(CancellationToken cancellationToken) =>
        [.. (await TagsAsync(cancellationToken)).Where(t => !ImageReference.TryParse(t.Id, out _)).Select(t => _tags.Key(t.Id))];

    /// <summary>Whether there is a record of an image, be it readable or not.</summary>
    public async ValueTask<bool> ExistsAsync(ImageId id, CancellationToken cancellationToken) =>
        await state.GetAsync(_images.Key(id.Digest.Hex), cancellationToken) is not null;

    /// <summary>One record that is about to be replaced; null when there is none, or none that can be read.</summary>
    public ValueTask<Versioned<ImageRecord>?> FindFormerAsync(ImageId id, CancellationToken cancellationToken) =>
        ReadableAsync(FindAsync(id, cancellationToken));

    /// <summary>The image that a name, which is about to be given anew, stands for; null when there is none, or none that can be read.</summary>
    public async ValueTask<ImageId?> FindFormerAsync(ImageReference name, CancellationToken cancellationToken) =>
        (await ReadableAsync(_tags.GetAsync(name.ToString(), cancellationToken)))?.Value.Image;

    /// <summary>One record; null when there is none.</summary>
    public ValueTask<Versioned<ImageRecord>?> FindAsync(ImageId id, CancellationToken cancellationToken) =>
        _images.GetAsync(id.Digest.Hex, cancellationToken);

    /// <summary>The image that a name stands for; null when there is none.</summary>
    public async ValueTask<ImageId?> FindAsync(ImageReference name, CancellationToken cancellationToken) =>
        (await _tags.GetAsync(name.ToString(), cancellationToken))?.Value.Image;

    /// <summary>Adds to a transaction: the image with the reference that keeps its layers.</summary>
    public void PutImage(StateTransaction transaction, ImageId id, ImageRecord record)
    {
        _images.Put(transaction, id.Digest.Hex, record);
        if (record.Chain is { } chain) transaction.Put(LayerReference.Key(chain, Owner(id)), ReadOnlyMemory<byte>.Empty);
    }

    /// <summary>Adds to a transaction: the image goes, and so do its names and its hold on its layers.</summary>
    public void DeleteImage(StateTransaction transaction, ImageEntry image)
    {
        _images.Expect(transaction, image.Id.Digest.Hex, image.Revision);
        _images.Delete(transaction, image.Id.Digest.Hex);
        if (image.Record.Chain is { } chain) transaction.Delete(LayerReference.Key(chain, Owner(image.Id)));
        foreach (var name in image.References) DeleteName(transaction, name);
    }

    /// <summary>The forms in which a layer is known elsewhere; none when nothing is recorded.</summary>
    public async ValueTask<LayerBlobs> BlobsOfAsync(DiffId layer, CancellationToken cancellationToken) =>
        (await ReadableAsync(_blobs.GetAsync(layer.Digest.Hex, cancellationToken)))?.Value ?? new LayerBlobs();

    /// <summary>Keys of forms of layers that are not among these; no operation of ours leaves one.</summary>
    public async ValueTask<IReadOnlyList<string>> StrayBlobsAsync(IReadOnlySet<DiffId> layers, CancellationToken cancellationToken)
    {
        var known = layers.Select(l => _blobs.Key(l.Digest.Hex)).ToHashSet(StringComparer.Ordinal);
        return [.. (await state.RangeAsync(_blobs.Prefix, cancellationToken)).Select(e => e.Key).Where(k => !known.Contains(k))];
    }

    /// <summary>Adds to a transaction: forms of layers have become known.</summary>
    /// <remarks>The caller has the turn, so that none is lost that another change adds.</remarks>
    public async ValueTask AddBlobsAsync(
        StateTransaction transaction, IEnumerable<KeyValuePair<DiffId, LayerBlob>> blobs, CancellationToken cancellationToken)
    {
        foreach (var layer in blobs.GroupBy(b => b.Key, b => b.Value))
            PutBlobs(transaction, layer.Key, layer.Aggregate(await BlobsOfAsync(layer.Key, cancellationToken), (known, blob) => known.With(blob)));
    }

    /// <summary>Adds to a transaction: these are the forms of a layer.</summary>
    public void PutBlobs(StateTransaction transaction, DiffId layer, LayerBlobs blobs) => _blobs.Put(transaction, layer.Digest.Hex, blobs);

    /// <summary>Adds to a transaction: no image has the layer any more.</summary>
    public void DeleteBlobs(StateTransaction transaction, DiffId layer) => _blobs.Delete(transaction, layer.Digest.Hex);

    /// <summary>Adds to a transaction: the name stands for the image.</summary>
    public void PutName(StateTransaction transaction, ImageReference name, ImageId id) =>
        _tags.Put(transaction, name.ToString(), new TagRecord(id));

    /// <summary>Adds to a transaction: the name stands for nothing.</summary>
    public void DeleteName(StateTransaction transaction, ImageReference name) => _tags.Delete(transaction, name.ToString());

    /// <summary>Applies a transaction.</summary>
    /// <exception cref="StrakeException">Conflict: what it expected has changed.</exception>
    public async Task CommitAsync(StateTransaction transaction, string operation, CancellationToken cancellationToken)
    {
        FaultPoint.Reach("image.record.before-commit");
        var result = await state.CommitAsync(transaction, cancellationToken);
        if (!result.Succeeded)
            throw StrakeException.Conflict($"{operation}: {result.Failed.Key} was changed meanwhile; try again");
        FaultPoint.Reach("image.record.after-commit");
    }

    ValueTask<IReadOnlyList<Versioned<TagRecord>>> TagsAsync(CancellationToken cancellationToken) =>
        _tags.ListAsync(static (_, _) => { }, cancellationToken);

    static async ValueTask<T?> ReadableAsync<T>(ValueTask<T?> reading)
        where T : class
    {
        try
        {
            return await reading;
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.DataLoss)
        {
            return null;
        }
    }

    static bool TryId(string hex, out ImageId id)
    {
        var valid = Digest.TryParse(Digest.Prefix + hex, out var digest);
        id = valid ? new ImageId(digest) : default;
        return valid;
    }

    // One bad key must not hide all images: it is left out here and reported by the check.
    static IEnumerable<KeyValuePair<ImageReference, ImageId>> Names(IEnumerable<Versioned<TagRecord>> tags)
    {
        foreach (var tag in tags)
        {
            if (ImageReference.TryParse(tag.Id, out var name)) yield return KeyValuePair.Create(name, tag.Value.Image);
        }
    }
}
