namespace Strake.Images.Tar;

/// <summary>The map of GNU's first form of sparse files (typeflag S): four entries in the header, 21 in each block after it.</summary>
static class OldSparseMap
{
    /// <summary>offset 12, numbytes 12, as the header's numbers.</summary>
    public const int EntrySize = 24;

    /// <summary>A block after the header: its entries.</summary>
    public static ReadOnlySpan<byte> Entries(ReadOnlySpan<byte> block) => block[..(21 * EntrySize)];

    /// <summary>A block after the header: whether one more follows.</summary>
    public static bool GoesOn(ReadOnlySpan<byte> block) => block[504] != 0;

    /// <summary>Adds the entries up to the first unused one. Returns what is wrong, or null.</summary>
    public static string? Read(ReadOnlySpan<byte> entries, TarLimits limits, List<TarExtent> extents)
    {
        for (; !entries.IsEmpty && entries[0] != 0; entries = entries[EntrySize..])
        {
            if (!TarNumber.TryParse(entries[..12], out var offset) || !TarNumber.TryParse(entries[12..24], out var length))
                return "a sparse map that is not numbers";
            if (extents.Count == limits.MaxExtents) return $"a sparse file of more than {limits.MaxExtents} extents";
            extents.Add(new TarExtent(offset, length));
        }
        return null;
    }
}
