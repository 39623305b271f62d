namespace Strake.Images;

/// <summary>What a file in an archive of images is, as far as its name and first bytes tell.</summary>
enum ArchiveEntryKind
{
    /// <summary>Nothing that an image is made of.</summary>
    Other,

    /// <summary>JSON: a manifest, index, config, list of tags.</summary>
    Document,

    /// <summary>A tar, plain or compressed.</summary>
    Layer,
}
