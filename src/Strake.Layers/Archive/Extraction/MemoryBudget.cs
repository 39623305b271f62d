namespace Strake.Layers.Archive.Extraction;

/// <summary>
/// Bounds what one extraction keeps in memory about entries that are past: the times of directories, links that wait, what a file's
/// content is called in the record. An archive of a few megabytes can name millions of things.
/// </summary>
sealed class MemoryBudget
{
    const long MaxBytes = 256L << 20;
    const int Overhead = 64;

    long _used;

    /// <summary>Something of that size, and what a collection needs for it, is going to be kept.</summary>
    /// <exception cref="StrakeException">TooLarge: that is more than one archive may have.</exception>
    public void Take(int bytes)
    {
        _used += bytes + Overhead;
        if (_used > MaxBytes) throw StrakeException.TooLarge($"the archive has too many files and directories: more than {MaxBytes >> 20} MiB of memory would be needed to keep track of them");
    }
}
