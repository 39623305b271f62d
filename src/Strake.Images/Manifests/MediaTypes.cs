namespace Strake.Images;

/// <summary>The names of the documents and layers that images are made of.</summary>
/// <remarks>OCI image specification, media-types.md; distribution, manifest-v2-2.md.</remarks>
public static class MediaTypes
{
    /// <summary>OCI: the manifest of one image.</summary>
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>OCI: a list of manifests.</summary>
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";

    /// <summary>OCI: an image's config.</summary>
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";

    /// <summary>OCI: an uncompressed layer.</summary>
    public const string OciLayer = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>Docker, schema 2: the manifest of one image.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Docker, schema 2: a list of manifests.</summary>
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>Docker: an image's config.</summary>
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    /// <summary>Docker: a layer in gzip.</summary>
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>Whether it names the manifest of one image.</summary>
    /// <param name="mediaType">The media type.</param>
    public static bool IsManifest(string? mediaType) => mediaType is OciManifest or DockerManifest;

    /// <summary>Whether it names a list of manifests.</summary>
    /// <param name="mediaType">The media type.</param>
    public static bool IsIndex(string? mediaType) => mediaType is OciIndex or DockerList;

    /// <summary>Whether it names an image's config.</summary>
    /// <param name="mediaType">The media type.</param>
    public static bool IsConfig(string? mediaType) => mediaType is OciConfig or DockerConfig;

    /// <summary>Whether it names a layer's tar, in any compression.</summary>
    /// <param name="mediaType">The media type.</param>
    public static bool IsLayer(string? mediaType) => mediaType is not null
        && (mediaType.StartsWith("application/vnd.oci.image.layer.", StringComparison.Ordinal)
            || mediaType.StartsWith("application/vnd.docker.image.rootfs.", StringComparison.Ordinal));

    /// <summary>Docker: an uncompressed layer.</summary>
    public const string DockerPlainLayer = "application/vnd.docker.image.rootfs.diff.tar";

    /// <summary>The media type of a layer in a manifest of Docker's or OCI's kind.</summary>
    /// <param name="isOci">The kind.</param>
    /// <param name="compression">The layer's compression; in Docker's kind none or gzip.</param>
    public static string OfLayer(bool isOci, Compression compression) => (isOci, compression) switch
    {
        (true, Compression.None) => OciLayer,
        (true, Compression.Gzip) => OciLayer + "+gzip",
        (true, Compression.Zstd) => OciLayer + "+zstd",
        (false, Compression.None) => DockerPlainLayer,
        (false, Compression.Gzip) => DockerLayer,
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "No manifest has a media type for it."),
    };

    /// <summary>How a layer of a media type is compressed. Only a claim: what reads a layer looks at its bytes.</summary>
    /// <param name="mediaType">A layer's media type.</param>
    public static Compression CompressionOf(string? mediaType) => mediaType switch
    {
        null => Compression.Gzip,
        _ when mediaType.EndsWith("+zstd", StringComparison.Ordinal) || mediaType.EndsWith(".zstd", StringComparison.Ordinal) => Compression.Zstd,
        _ when mediaType.EndsWith("gzip", StringComparison.Ordinal) => Compression.Gzip,
        _ => Compression.None,
    };
}
