namespace Strake.Images.Tar;

/// <summary>How much of each thing a reader takes from an archive before it refuses it. What is read into memory has a bound here.</summary>
public sealed record TarLimits
{
    /// <summary>The bounds used unless others are given: each is beyond what Linux can have on disk or what other engines accept.</summary>
    public static TarLimits Default { get; } = new();

    /// <summary>The longest name or link text; PATH_MAX without its NUL.</summary>
    public int MaxNameBytes { get; init; } = 4095;

    /// <summary>The longest extension header (pax records, GNU long name, a sparse file's map); 1 MiB as in Go's archive/tar.</summary>
    public int MaxExtensionBytes { get; init; } = 1024 * 1024;

    /// <summary>The most extended attributes of one entry.</summary>
    public int MaxXattrs { get; init; } = 256;

    /// <summary>The longest value of an extended attribute; XATTR_SIZE_MAX.</summary>
    public int MaxXattrValueBytes { get; init; } = 64 * 1024;

    /// <summary>The most extents of a sparse file.</summary>
    public int MaxExtents { get; init; } = 128 * 1024;
}
