using System.Text;
using Strake.Images.Tar;

namespace Strake.Images;

/// <summary>The images of a docker-archive: what <c>manifest.json</c> says of what the archive held. Pure.</summary>
static class DockerArchive
{
    /// <summary>The file that lists the images.</summary>
    public const string ManifestName = "manifest.json";

    /// <summary>The images, in the archive's order.</summary>
    /// <exception cref="StrakeException">Invalid, DataLoss: in Docker's words where it has some.</exception>
    public static IReadOnlyList<ArchivedImage> Read(ArchiveContents contents, byte[] manifest)
    {
        // Many items may name one config; parsing it for each would multiply a small archive into much memory.
        var configs = new Dictionary<byte[], ImageConfig>();
        var images = ReadManifest(manifest).Select(i => ReadImage(contents, configs, i)).ToList();
        ArchivedParents.Check(images);
        return images;
    }

    static IReadOnlyList<DockerArchiveItem?> ReadManifest(byte[] manifest)
    {
        // Docker's words: a null is mostly a defect of whoever wrote it.
        if (manifest.AsSpan().Trim(" \t\r\n"u8).SequenceEqual("null"u8))
            throw StrakeException.Invalid("invalid manifest, manifest cannot be null (but can be [])");
        var items = ImageDocument.Read(manifest, ImageJson.Default.IReadOnlyListDockerArchiveItem, ManifestName);
        if (items.Count > ImageLimits.ArchiveImages)
            throw StrakeException.TooLarge($"invalid manifest: {items.Count} images; the limit is {ImageLimits.ArchiveImages}");
        if (items.Sum(i => i?.RepoTags?.Count ?? 0) > ImageLimits.ArchiveTags)
            throw StrakeException.TooLarge($"invalid manifest: more than {ImageLimits.ArchiveTags} tags");
        return items;
    }

    static ArchivedImage ReadImage(ArchiveContents contents, Dictionary<byte[], ImageConfig> configs, DockerArchiveItem? item)
    {
        if (item?.Config is not { Length: > 0 } name) throw StrakeException.Invalid("invalid manifest: an image has no Config");
        var document = contents.Document(name)
            ?? throw StrakeException.Invalid($"invalid manifest: the archive does not hold config {TarName.Display(Encoding.UTF8.GetBytes(name))}");
        if (!configs.TryGetValue(document, out var config)) configs[document] = config = ImageConfig.Parse(document);
        return new ArchivedImage(
            config, ArchivedLayers.Find(contents, config, item.Layers ?? []), [.. (item.RepoTags ?? []).Select(Tag)], Parent(item));
    }

    static ImageReference Tag(string? text) =>
        text is not null && ImageReference.Parse(text) is { Tag: not null, Digest: null } reference
            ? reference
            : throw StrakeException.Invalid($"invalid tag \"{text}\"");

    static ImageId? Parent(DockerArchiveItem item) =>
        string.IsNullOrEmpty(item.Parent) ? null
        : Digest.TryParse(item.Parent, out var digest) ? new ImageId(digest)
        : throw StrakeException.Invalid($"invalid manifest: Parent \"{item.Parent}\" is no image's ID");
}
