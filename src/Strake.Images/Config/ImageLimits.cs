namespace Strake.Images;

/// <summary>
/// Bounds on what images may claim. An engine reads documents from strangers into memory; each bound is generous against any
/// real image and small against a machine.
/// </summary>
public static class ImageLimits
{
    /// <summary>The largest config, manifest or index, in bytes.</summary>
    public const int DocumentBytes = 4 << 20;

    /// <summary>Unknown properties of one object; each costs far more memory than bytes.</summary>
    public const int UnknownProperties = 200;

    /// <summary>All documents of one archive together, attestations left out, in bytes.</summary>
    public const int ArchiveDocumentsBytes = 16 << 20;

    /// <summary>Entries of one archive.</summary>
    public const int ArchiveEntries = 100_000;

    /// <summary>Images in one archive or index.</summary>
    public const int ArchiveImages = 1_000;

    /// <summary>Names given by one archive.</summary>
    public const int ArchiveTags = 4_000;

    /// <summary>Layers of one image. Storage drivers have bounds of their own, below this.</summary>
    public const int Layers = 500;

    /// <summary>Indexes within indexes.</summary>
    public const int IndexDepth = 4;

    /// <summary>Manifests and indexes followed in one layout, those found again on another way included.</summary>
    public const int IndexSteps = 10_000;

    /// <summary>Manifests fetched from a registry to find the one for a platform.</summary>
    public const int RemoteIndexSteps = 50;

    /// <summary>Tags of one repository in a registry.</summary>
    public const int RemoteTags = 50_000;
}
