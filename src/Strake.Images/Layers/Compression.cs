namespace Strake.Images;

/// <summary>How a layer's tar is compressed.</summary>
public enum Compression
{
    /// <summary>A plain tar.</summary>
    None,

    /// <summary>RFC 1952; several members in a row are one stream.</summary>
    Gzip,

    /// <summary>RFC 8878; several frames in a row, skippable ones included, are one stream.</summary>
    Zstd,

    /// <summary>The .xz file format.</summary>
    Xz,

    /// <summary>The bzip2 format.</summary>
    Bzip2,
}
