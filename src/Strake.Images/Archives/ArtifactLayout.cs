using System.Security.Cryptography;
using System.Text.Json;
using Strake.Linux;

namespace Strake.Images;

/// <summary>
/// A folder in the form of an OCI layout that holds artifacts: layers that are no image's, which <c>skopeo copy</c> and <c>oras cp</c> bring to a
/// registry and back all the same. For one process at a time.
/// </summary>
/// <remarks>
/// OCI image specification, image-layout.md and manifest.md ("guidelines for artifact usage"): the config is empty. A file is written under another
/// name, and gets its own when it is whole and on disk. It is not a <see cref="BlobStore"/>: the folder is its user's, with the modes of their umask,
/// and holds nothing that the specification does not name.
/// </remarks>
public sealed class ArtifactLayout
{
    const string EmptyType = "application/vnd.oci.empty.v1+json";

    static readonly byte[] s_empty = "{}"u8.ToArray();

    readonly string folder;
    IReadOnlyList<Descriptor> manifests;

    ArtifactLayout(string folder, IReadOnlyList<Descriptor> manifests) => (this.folder, this.manifests) = (folder, manifests);

    string IndexPath => Path.Combine(folder, OciLayout.IndexName);

    string Blobs => Path.Combine(folder, "blobs", "sha256");

    /// <summary>Opens a layout; where the folder is not there, or empty, it becomes one.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="StrakeException">Invalid: there is something else.</exception>
    public static ArtifactLayout OpenOrMake(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            return Swept(Open(folder));
        var made = new ArtifactLayout(folder, []);
        DurableFolder.Create(made.Blobs, Permissions.Octal0777);
        made.WriteIndex();
        // Last: a folder with it is a layout.
        Replace(Path.Combine(folder, OciLayout.MarkName), OciLayout.Mark);
        return made;
    }

    // What a killed process left of a write.
    static ArtifactLayout Swept(ArtifactLayout layout)
    {
        foreach (string place in (string[])[layout.folder, layout.Blobs])
            foreach (string path in Directory.EnumerateFiles(place).Where(static path => DurableFile.IsTemporary(Path.GetFileName(path))).ToList())
                File.Delete(path);
        return layout;
    }

    /// <summary>Opens a layout.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="StrakeException">Invalid: it is none.</exception>
    public static ArtifactLayout Open(string folder)
    {
        string path = Path.Combine(folder, OciLayout.IndexName);
        if (!File.Exists(Path.Combine(folder, OciLayout.MarkName)) || !File.Exists(path))
            throw StrakeException.Invalid($"{folder} is no OCI layout");
        return ManifestDocument.Parse(File.ReadAllBytes(path), mediaType: null) is ImageIndex index
            ? new ArtifactLayout(folder, index.Manifests)
            : throw StrakeException.Invalid($"{path} is no index");
    }

    /// <summary>Where a blob lies, if it is there.</summary>
    /// <param name="digest">The blob's digest.</param>
    public string BlobPath(Digest digest) => Path.Combine(folder, ArchivePath.OfBlob(digest));

    /// <summary>The artifact that was added last.</summary>
    /// <exception cref="StrakeException">NotFound: there is none. As <see cref="Find"/>.</exception>
    public ImageManifest Newest() => Read(manifests.Count > 0 ? manifests[^1] : throw StrakeException.NotFound($"{folder} holds nothing"));

    /// <summary>The artifact with a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <exception cref="StrakeException">NotFound: there is none, or a blob of it is missing. DataLoss, Invalid: its manifest is damaged, or no artifact's.</exception>
    public ImageManifest Find(string tag) => Read(
        manifests.FirstOrDefault(manifest => string.Equals(manifest.Annotation(OciLayout.RefName), tag, StringComparison.Ordinal))
        ?? throw StrakeException.NotFound($"{folder} holds nothing with the tag {tag}; its tags are {string.Join(", ", manifests.Select(static manifest => manifest.Annotation(OciLayout.RefName)))}"));

    /// <summary>Adds a layer; nobody knows it until an artifact names it.</summary>
    /// <param name="write">Writes it.</param>
    public async Task<Descriptor> AddLayerAsync(Func<Stream, Task> write)
    {
        await using var file = new FileStream(Path.Combine(Blobs, DurableFile.NewTemporaryName()), FileMode.CreateNew, FileAccess.Write);
        try
        {
            using var hash = SHA256.Create();
            await using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true)) await write(hashed);
            Digest digest = Digest.FromHash(hash.Hash!);
            DurableFile.Place(file, BlobPath(digest));
            return new Descriptor { MediaType = MediaTypes.OciLayer, Digest = digest, SizeBytes = file.Length };
        }
        catch
        {
            File.Delete(file.Name);
            throw;
        }
    }

    /// <summary>Adds an artifact; one that had its tag loses it, and its blobs stay.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="artifactType">What it is: a media type.</param>
    /// <param name="layers">Its layers, which are there.</param>
    public void Add(string tag, string artifactType, IReadOnlyList<Descriptor> layers)
    {
        var manifest = new SavedManifest { ArtifactType = artifactType, Config = AddBlob(s_empty, EmptyType), Layers = layers };
        Descriptor added = AddBlob(JsonSerializer.SerializeToUtf8Bytes(manifest, ImageJson.Default.SavedManifest), MediaTypes.OciManifest) with
        {
            ArtifactType = artifactType,
            Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { [OciLayout.RefName] = tag },
        };
        manifests = [.. manifests.Where(other => !string.Equals(other.Annotation(OciLayout.RefName), tag, StringComparison.Ordinal)), added];
        WriteIndex();
    }

    ImageManifest Read(Descriptor descriptor)
    {
        byte[] bytes = File.Exists(BlobPath(descriptor.Digest))
            ? File.ReadAllBytes(BlobPath(descriptor.Digest))
            : throw StrakeException.NotFound($"{folder} lacks the blob {descriptor.Digest}");
        if (Digest.Of(bytes) != descriptor.Digest)
            throw StrakeException.DataLoss($"{BlobPath(descriptor.Digest)} is damaged");
        if (ManifestDocument.Parse(bytes, descriptor.MediaType) is not ImageManifest manifest || manifest.Config.MediaType != EmptyType || manifest.Layers.Count == 0)
            throw StrakeException.Invalid($"{descriptor.Annotation(OciLayout.RefName) ?? descriptor.Digest.ToString()} in {folder} is no artifact");
        return manifest.Layers.FirstOrDefault(layer => !File.Exists(BlobPath(layer.Digest))) is { } missing
            ? throw StrakeException.NotFound($"{folder} lacks the blob {missing.Digest}")
            : manifest;
    }

    Descriptor AddBlob(byte[] content, string mediaType)
    {
        Digest digest = Digest.Of(content);
        Replace(BlobPath(digest), content);
        return new Descriptor { MediaType = mediaType, Digest = digest, SizeBytes = content.Length };
    }

    void WriteIndex() => Replace(
        IndexPath, JsonSerializer.SerializeToUtf8Bytes(new SavedIndex { Manifests = manifests }, ImageJson.Default.SavedIndex));

    static void Replace(string path, ReadOnlySpan<byte> content) => DurableFile.Write(path, content, mode: null);
}
