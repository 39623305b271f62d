using Microsoft.Win32.SafeHandles;

namespace Strake.Containers.Logs;

/// <summary>Finds where the last lines of a log begin.</summary>
static class LogTail
{
    const int BlockBytes = 256 * 1024;

    /// <summary>The offset of the n-th line from the end. Reads the file once from its start, and keeps an offset for each line wanted.</summary>
    /// <param name="file">The log.</param>
    /// <param name="lines">How many lines; lines of the process, which may be several records.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    public static long Find(SafeFileHandle file, int lines, CancellationToken cancellationToken)
    {
        long end = RandomAccess.GetLength(file);
        if (lines <= 0)
            return end;

        Queue<long> starts = new();
        byte[] block = new byte[BlockBytes];
        long recordStart = 0;
        bool atLineStart = true;
        byte tag = 0;
        int spaces = 0;
        long offset = 0;
        int length;
        while ((length = RandomAccess.Read(file, block, offset)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int i = 0; i < length;)
            {
                if (spaces < 3)
                {
                    // The header: the tag is the byte before the third space.
                    byte b = block[i++];
                    if (b == (byte)' ')
                        spaces++;
                    else if (b == (byte)'\n')
                        (recordStart, spaces) = (offset + i, 0);
                    else
                        tag = b;
                    continue;
                }

                int newline = block.AsSpan(i, length - i).IndexOf((byte)'\n');
                if (newline < 0)
                    break;
                if (atLineStart)
                {
                    starts.Enqueue(recordStart);
                    if (starts.Count > lines)
                        starts.Dequeue();
                }

                atLineStart = tag == (byte)'F';
                i += newline + 1;
                (recordStart, spaces) = (offset + i, 0);
            }

            offset += length;
        }

        return starts.TryPeek(out long first) ? first : end;
    }
}
