using System.Buffers.Text;

namespace Strake.Images.Tar;

/// <summary>Laws of every sparse map, and the form of GNU sparse 1.0: decimal numbers, a line each, before the content.</summary>
static class SparseMap
{
    /// <summary>
    /// Reads "count\n(offset\nlength\n)*" from the blocks that were gathered so far. False: more is needed, or, with a fault, it is wrong.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, TarLimits limits, out List<TarExtent> extents, out string? fault)
    {
        extents = [];
        if (!TryReadLine(ref text, out var count, out fault)) return false;
        if (count < 0 || count > limits.MaxExtents)
        {
            fault = $"a sparse file of {count} extents; the limit is {limits.MaxExtents}";
            return false;
        }
        for (; count > 0; count--)
        {
            if (!TryReadLine(ref text, out var offset, out fault) || !TryReadLine(ref text, out var length, out fault)) return false;
            extents.Add(new TarExtent(offset, length));
        }
        return true;
    }

    /// <summary>Whether text with that many newlines can be read, or is wrong already: what makes <see cref="TryRead"/> worth its time.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> text, int newlines, TarLimits limits)
    {
        if (!TryReadLine(ref text, out var count, out var fault)) return fault is not null;
        return count < 0 || count > limits.MaxExtents || newlines > 2 * count;
    }

    /// <summary>What is wrong with a map, or null: extents ascend, do not overlap, and lie within the file; they hold all of the content.</summary>
    public static string? Check(IReadOnlyList<TarExtent> extents, long fileSize, long contentSize)
    {
        if (fileSize < 0) return "a sparse file of negative length";
        long end = 0, held = 0;
        foreach (var extent in extents)
        {
            if (extent.Offset < end || extent.Length < 0 || extent.Length > fileSize - extent.Offset) return "a sparse map out of order or out of the file";
            end = extent.End;
            held += extent.Length;
        }
        return held == contentSize ? null : $"a sparse map of {held} bytes for {contentSize} bytes of content";
    }

    static bool TryReadLine(ref ReadOnlySpan<byte> text, out long number, out string? fault)
    {
        number = 0;
        fault = null;
        var end = text.IndexOf((byte)'\n');
        if (end < 0)
        {
            // 19 digits and a sign hold every number.
            if (text.Length > 20) fault = "a sparse map that is not numbers";
            return false;
        }
        if (!Utf8Parser.TryParse(text[..end], out number, out var used) || used != end)
        {
            fault = "a sparse map that is not numbers";
            return false;
        }
        text = text[(end + 1)..];
        return true;
    }
}
