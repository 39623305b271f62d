using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// Copies the content of regular files the cheapest way that works: shared extents, else inside the kernel, else through memory. What does not work
/// once is not tried again, so one object serves one pair of file systems.
/// </summary>
sealed class ContentCopy
{
    const int BufferSize = 256 * 1024;

    // So that a cancellation is seen within a second or so.
    const long LargestStep = 256 * 1024 * 1024;

    bool canClone = true;
    bool canCopyRange = true;

    // The target is new and empty.
    public void Copy(SafeFileHandle source, SafeFileHandle target, in FileStat stat, CancellationToken cancellationToken)
    {
        if (stat.SizeBytes == 0)
            return;

        canClone = canClone && Syscall.TryClone(source, target);
        if (canClone)
            return;

        if (stat.AllocatedBytes >= stat.SizeBytes)
            CopyRange(source, target, 0, stat.SizeBytes, cancellationToken);
        else
            CopyData(source, target, stat.SizeBytes, cancellationToken);
    }

    // Only what is no hole; then the length, for a hole at the end.
    void CopyData(SafeFileHandle source, SafeFileHandle target, long size, CancellationToken cancellationToken)
    {
        var end = 0L;
        while (end < size && Syscall.TrySeekData(source, end) is { } start && start < size)
        {
            end = Math.Min(Syscall.Seek(source, start, SeekFrom.Hole), size);
            CopyRange(source, target, start, end - start, cancellationToken);
        }

        Syscall.Ftruncate(target, size);
    }

    // A source that has become shorter gives less.
    void CopyRange(SafeFileHandle source, SafeFileHandle target, long offset, long length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var copied = Step(source, target, offset, Math.Min(length, LargestStep));
            if (copied == 0)
                return;

            offset += copied;
            length -= copied;
        }
    }

    long Step(SafeFileHandle source, SafeFileHandle target, long offset, long length)
    {
        if (canCopyRange)
        {
            var copied = Syscall.TryCopyFileRange(source, offset, target, offset, length);
            if (copied >= 0)
                return copied;

            canCopyRange = false;
        }

        return ThroughMemory(source, target, offset, length);
    }

    static int ThroughMemory(SafeFileHandle source, SafeFileHandle target, long offset, long length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var count = RandomAccess.Read(source, buffer.AsSpan(0, (int)Math.Min(length, BufferSize)), offset);
            RandomAccess.Write(target, buffer.AsSpan(0, count), offset);
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
