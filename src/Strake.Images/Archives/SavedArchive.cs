using System.Text.Json;

namespace Strake.Images;

/// <summary>
/// All that goes into an archive, and where: the files of a docker-archive and of an OCI layout over the same blobs. Pure; the
/// same images give the same bytes.
/// </summary>
/// <remarks>
/// As Docker 25 and later lays it out, in the order of the names:
/// <code>
/// blobs/sha256/&lt;hex&gt;   manifests, configs, layers as plain tars
/// index.json           OCI: a manifest for every name
/// manifest.json        Docker: config, tags and layers of every image
/// oci-layout           OCI: the version
/// repositories         Docker, of old: the top layer of every tag; absent without tags
/// </code>
/// </remarks>
sealed class SavedArchive
{
    const string ContainerdName = "io.containerd.image.name";

    readonly SortedDictionary<string, ReadOnlyMemory<byte>> _documents = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, SavedLayer> _layers = new(StringComparer.Ordinal);

    /// <summary>Lays out images.</summary>
    /// <param name="images">The images, in the order in which they were asked for.</param>
    public SavedArchive(IReadOnlyList<SavedImage> images)
    {
        var manifests = new List<Descriptor>();
        foreach (var saved in images)
        {
            AddBlob(saved.Image.Id.Digest, saved.Image.Config.Bytes);
            var manifest = saved.Manifest;
            AddBlob(Digest.Of(manifest), manifest);
            manifests.AddRange(Entries(saved, manifest));
            foreach (var (chain, layer) in saved.Image.Record.Chains.Zip(saved.Image.Record.Layers))
                _layers[ArchivePath.OfBlob(layer.DiffId.Digest)] = new SavedLayer(chain, layer.TarSizeBytes);
        }

        var index = new SavedIndex { Manifests = manifests };
        _documents["index.json"] = JsonSerializer.SerializeToUtf8Bytes(index, ImageDocument.Contracts.SavedIndex);
        _documents["manifest.json"] = JsonSerializer.SerializeToUtf8Bytes(
            [.. images.Select(i => Item(i, images))], ImageDocument.Contracts.IReadOnlyListDockerArchiveItem);
        _documents[OciLayout.MarkName] = OciLayout.Mark.ToArray();
        var repositories = Repositories(images);
        if (repositories.Count > 0)
            _documents["repositories"] = JsonSerializer.SerializeToUtf8Bytes(repositories, ImageDocument.Contracts.Repositories);
    }

    /// <summary>The names of all files, in the order in which they are written.</summary>
    public IEnumerable<string> Names => _documents.Keys.Concat(_layers.Keys).Order(StringComparer.Ordinal);

    /// <summary>The chains of all layers that are written.</summary>
    public IEnumerable<ChainId> Chains => _layers.Values.Select(l => l.Chain);

    /// <summary>The bytes of a file; null when it is a layer.</summary>
    public ReadOnlyMemory<byte>? Document(string name) => _documents.TryGetValue(name, out var document) ? document : default(ReadOnlyMemory<byte>?);

    /// <summary>The layer in a file.</summary>
    public SavedLayer Layer(string name) => _layers[name];

    void AddBlob(Digest digest, ReadOnlyMemory<byte> content) => _documents[ArchivePath.OfBlob(digest)] = content;

    static IEnumerable<Descriptor> Entries(SavedImage saved, byte[] manifest)
    {
        var bare = new Descriptor { MediaType = MediaTypes.OciManifest, Digest = Digest.Of(manifest), SizeBytes = manifest.Length };
        return saved.Names.Count == 0 ? [bare] : saved.Names.Select(name => bare with
        {
            Annotations = new SortedDictionary<string, string>(StringComparer.Ordinal) { [ContainerdName] = name.ToString(), [OciLayout.RefName] = name.Tag! },
        });
    }

    // The parent only where it is in the same archive: nobody else could know it.
    static DockerArchiveItem Item(SavedImage saved, IReadOnlyList<SavedImage> all) => new()
    {
        Config = ArchivePath.OfBlob(saved.Image.Id.Digest),
        RepoTags = saved.Names.Count == 0 ? null : [.. saved.Names.Select(n => n.Familiar)],
        Layers = [.. saved.Layers.Select(l => ArchivePath.OfBlob(l.Digest))],
        Parent = saved.Image.Record.Parent is { } parent && all.Any(a => a.Image.Id == parent) ? parent.ToString() : null,
        LayerSources = new SortedDictionary<string, Descriptor>(
            saved.Layers.DistinctBy(l => l.Digest).ToDictionary(l => l.Digest.ToString(), StringComparer.Ordinal), StringComparer.Ordinal),
    };

    static SortedDictionary<string, SortedDictionary<string, string>> Repositories(IReadOnlyList<SavedImage> images)
    {
        var repositories = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var saved in images.Where(i => i.Layers.Count > 0))
        {
            foreach (var name in saved.Names)
            {
                if (!repositories.TryGetValue(name.FamiliarName, out var tags))
                    repositories[name.FamiliarName] = tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
                tags[name.Tag!] = saved.Layers[^1].Digest.Hex;
            }
        }

        return repositories;
    }
}
