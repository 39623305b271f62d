namespace Strake.Images;

/// <summary>The images of an OCI layout: what <c>index.json</c> says of what the archive held.</summary>
/// <remarks>OCI image specification, image-layout.md.</remarks>
/// <param name="contents">What the archive held.</param>
/// <param name="host">The platform that is chosen from images for several.</param>
sealed class OciLayout(ArchiveContents contents, Platform host)
{
    /// <summary>The file that lists the images.</summary>
    public const string IndexName = "index.json";

    /// <summary>The file that says that it is a layout.</summary>
    public const string MarkName = "oci-layout";

    /// <summary>In an index: a manifest's name or tag.</summary>
    public const string RefName = "org.opencontainers.image.ref.name";

    const string ContainerdName = "io.containerd.image.name";
    const string AttestationOf = "vnd.docker.reference.type";

    /// <summary>What that file holds.</summary>
    public static ReadOnlySpan<byte> Mark => """{"imageLayoutVersion": "1.0.0"}"""u8;

    // One document may be named many times, and an index may name indexes that name it again: parsed once, and counted.
    readonly Dictionary<(Digest Digest, string? MediaType), ManifestDocument> _parsed = [];
    int _steps;

    /// <summary>The images, in the archive's order; one that stands under several names is one image.</summary>
    /// <exception cref="StrakeException">Invalid, DataLoss: the layout is malformed or does not hold what it names.</exception>
    public IReadOnlyList<ArchivedImage> Read(byte[] index)
    {
        var document = ManifestDocument.Parse(index, mediaType: null) as ImageIndex
            ?? throw StrakeException.Invalid($"invalid archive: {IndexName} is no index");
        var found = Choose(document)
            .Select(d => (Manifest: Resolve(d, ImageLimits.IndexDepth), Name: NameOf(d)))
            .Where(f => f.Manifest is not null)
            .GroupBy(f => f.Manifest!.Config.Digest, (_, same) => same.ToList())
            .ToList();
        if (found.Count == 0 && document.Manifests.Count > 0)
            throw StrakeException.Invalid($"invalid archive: it holds no image for {host}: {Offered(document)}");
        return [.. found.Select(same => ReadImage(same[0].Manifest!, [.. same.Select(s => s.Name).OfType<ImageReference>()]))];
    }

    ArchivedImage ReadImage(ImageManifest manifest, IReadOnlyList<ImageReference> names)
    {
        var config = ImageConfig.Parse(Document(manifest.Config, "config"));
        var layers = ArchivedLayers.Find(contents, config, [.. manifest.Layers.Select(l => ArchivePath.OfBlob(l.Digest))]);
        foreach (var (descriptor, layer) in manifest.Layers.Zip(layers))
        {
            var sizeBytes = layer switch
            {
                ArchivedLayer.Received received => received.Receipt.BlobSizeBytes,
                ArchivedLayer.Held held => held.BlobSizeBytes,
                _ => throw new InvalidOperationException($"unknown layer {layer}"),
            };
            CheckSize(descriptor, sizeBytes, "layer");
        }

        return new ArchivedImage(config, layers, names, Parent: null);
    }

    /// <summary>The manifest that a descriptor leads to for the host; null when it leads to none.</summary>
    ImageManifest? Resolve(Descriptor descriptor, int depth)
    {
        if (depth == 0) throw StrakeException.Invalid($"invalid archive: indexes are nested more than {ImageLimits.IndexDepth} deep");
        if (++_steps > ImageLimits.IndexSteps)
            throw StrakeException.TooLarge($"invalid archive: its indexes name more than {ImageLimits.IndexSteps} manifests");
        switch (Parse(descriptor))
        {
            case ImageManifest manifest:
                return manifest.IsImage ? manifest : null;
            case ImageIndex index:
                return Choose(index).Select(d => Resolve(d, depth - 1)).FirstOrDefault(m => m is not null);
            case var other:
                throw new InvalidOperationException($"unknown manifest {other}");
        }
    }

    ManifestDocument Parse(Descriptor descriptor)
    {
        var key = (descriptor.Digest, descriptor.MediaType);
        if (!_parsed.TryGetValue(key, out var document))
            _parsed[key] = document = ManifestDocument.Parse(Document(descriptor, "manifest"), descriptor.MediaType);
        return document;
    }

    /// <summary>
    /// The descriptors that are worth following: what runs here, the newest variant first within an index of platforms; where
    /// nothing runs here and there is but one, that one, as Docker takes in images for emulators.
    /// </summary>
    IEnumerable<Descriptor> Choose(ImageIndex index)
    {
        var images = index.Manifests.Where(m => IsPresent(m) && !IsAttestation(m)).ToList();
        var runnable = images.Where(m => m.Platform is null || host.Runs(m.Platform)).ToList();
        return runnable.Count == 0 && images.Count == 1 ? images : runnable.OrderByDescending(m => m.Platform?.Variant ?? "", StringComparer.Ordinal);
    }

    // An export for one platform keeps the index of all, without the others' blobs.
    bool IsPresent(Descriptor descriptor) => contents.Document(ArchivePath.OfBlob(descriptor.Digest)) is not null;

    byte[] Document(Descriptor descriptor, string noun)
    {
        var document = contents.Document(ArchivePath.OfBlob(descriptor.Digest))
            ?? throw StrakeException.Invalid($"invalid archive: it does not hold {noun} {descriptor.Digest}");
        CheckSize(descriptor, document.Length, noun);
        return document;
    }

    static void CheckSize(Descriptor descriptor, long actual, string noun)
    {
        if (descriptor.SizeBytes != actual)
            throw StrakeException.DataLoss($"invalid archive: {noun} {descriptor.Digest} has {actual} bytes, not {descriptor.SizeBytes}");
    }

    static bool IsAttestation(Descriptor descriptor) =>
        descriptor.Annotation(AttestationOf) is not null || descriptor.Platform is { Os: "unknown" };

    // containerd's annotation is a reference or a lie. The specification's is any text: a bare word in it ("latest") names a tag of a
    // repository that nobody knows, and such an image comes without a name.
    static ImageReference? NameOf(Descriptor descriptor)
    {
        if (descriptor.Annotation(ContainerdName) is { } full)
        {
            return ImageReference.Parse(full) is { Digest: null } reference
                ? reference.OrLatest()
                : throw StrakeException.Invalid($"invalid tag \"{full}\"");
        }

        return descriptor.Annotation(RefName) is { } text && text.AsSpan().ContainsAny(':', '/')
            && ImageReference.TryParse(text, out var name) && name.Digest is null ? name.OrLatest() : null;
    }

    static string Offered(ImageIndex index) =>
        string.Join(", ", index.Manifests.Select(m => m.Platform?.ToString() ?? m.MediaType ?? "unknown").Distinct(StringComparer.Ordinal).Take(20));
}
