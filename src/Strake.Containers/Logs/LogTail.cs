using Microsoft.Win32.SafeHandles;

namespace Strake.Containers.Logs;

/// <summary>Finds where the last lines of a log begin, from its end, so that the size of the log does not matter.</summary>
static class LogTail
{
    const int BlockSize = 64 * 1024;

    /// <summary>The offset of the record from which on the wanted number of lines follows.</summary>
    /// <param name="log">The log.</param>
    /// <param name="end">How much of it to look at.</param>
    /// <param name="lines">How many lines; 0: none.</param>
    /// <param name="wanted">Which streams count.</param>
    public static long OffsetOf(SafeFileHandle log, long end, int lines, Predicate<ContainerStream> wanted)
    {
        if (lines <= 0)
            return end;

        int seen = 0;
        bool first = true;
        long recordEnd = end;
        foreach (long newline in NewlinesBackwards(log, end))
        {
            // The record that ends at recordEnd begins right behind this newline.
            if (newline + 1 < recordEnd && Counts(log, newline + 1, recordEnd, wanted, out bool endsLine))
            {
                // A last line without a newline is a line as well.
                if ((endsLine || first) && ++seen > lines)
                    return recordEnd;
                first = false;
            }

            recordEnd = newline + 1;
        }

        return seen == lines && recordEnd > 0 && Counts(log, 0, recordEnd, wanted, out bool ends) && ends ? recordEnd : 0;
    }

    static IEnumerable<long> NewlinesBackwards(SafeFileHandle log, long end)
    {
        byte[] block = new byte[BlockSize];
        while (end > 0)
        {
            long start = Math.Max(0, end - BlockSize);
            int length = RandomAccess.Read(log, block.AsSpan(0, (int)(end - start)), start);
            for (int at = length - 1; at >= 0; at--)
            {
                if (block[at] == (byte)'\n')
                    yield return start + at;
            }

            end = start;
        }
    }

    static bool Counts(SafeFileHandle log, long start, long end, Predicate<ContainerStream> wanted, out bool endsLine)
    {
        // The first three fields say it all; a record's text may be long.
        Span<byte> head = stackalloc byte[96];
        int length = RandomAccess.Read(log, head[..(int)Math.Min(head.Length, end - start)], start);
        bool counts = LogRecord.TryParse(head[..length], out LogRecord record) && wanted(record.Stream);
        endsLine = counts && record.EndsLine;
        return counts;
    }
}
