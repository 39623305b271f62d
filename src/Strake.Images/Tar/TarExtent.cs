using System.Runtime.InteropServices;

namespace Strake.Images.Tar;

/// <summary>A stretch of a sparse file that holds data; what lies between the extents are holes.</summary>
/// <param name="Offset">Where it starts in the file; bytes.</param>
/// <param name="Length">How long it is; bytes.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TarExtent(long Offset, long Length)
{
    /// <summary>The first byte after it.</summary>
    public long End => Offset + Length;
}
