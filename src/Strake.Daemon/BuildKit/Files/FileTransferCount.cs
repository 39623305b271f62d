namespace Strake.Daemon.BuildKit.Files;

/// <summary>How far a transfer is. Written by one thread, read by any.</summary>
sealed class FileTransferCount
{
    long entries;
    long files;
    long bytes;

    /// <summary>How many files there are, of all kinds, as far as they are known.</summary>
    public long Entries => Interlocked.Read(ref entries);

    /// <summary>How many files' bytes have come whole.</summary>
    public long Files => Interlocked.Read(ref files);

    /// <summary>How many bytes have come.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>A file is known of.</summary>
    public void AddEntry() => Volatile.Write(ref entries, entries + 1);

    /// <summary>A file has come whole.</summary>
    public void AddFile() => Volatile.Write(ref files, files + 1);

    /// <summary>Bytes have come.</summary>
    public void AddBytes(int count) => Volatile.Write(ref bytes, bytes + count);
}
