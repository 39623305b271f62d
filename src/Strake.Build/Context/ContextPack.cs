using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Build;

/// <summary>
/// The bytes of a context's files, one after the other in one file that has no name. A context of 20,000 files costs one file and no directory, and a
/// layer is made of it by reading on.
/// </summary>
sealed class ContextPack : IDisposable
{
    readonly SafeFileHandle file;
    readonly Lock gate = new();
    int shares = 1;
    long length;

    /// <summary>An empty pack.</summary>
    /// <param name="directory">A directory on the disk that it is to be on; exists.</param>
    /// <exception cref="StrakeException">Exhausted, or otherwise: it cannot be made.</exception>
    public ContextPack(string directory)
    {
        try
        {
            file = Syscall.Open(directory, OpenFlags.ReadWrite | OpenFlags.Nameless, Permissions.Octal0600);
        }
        catch (LinuxException e)
        {
            throw StrakeException.Internal($"a build context cannot be kept in {directory}", e);
        }
    }

    /// <summary>How long it is; where the next bytes go.</summary>
    public long Length => length;

    /// <summary>Adds bytes at the end. One at a time.</summary>
    /// <exception cref="StrakeException">Exhausted: no space.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Write(Reserve(bytes.Length), bytes);
    }

    /// <summary>Keeps room at the end, to be written later.</summary>
    /// <param name="bytes">How much.</param>
    /// <returns>Where it begins.</returns>
    public long Reserve(long bytes)
    {
        lock (gate)
        {
            var offset = length;
            length += bytes;
            return offset;
        }
    }

    /// <summary>Writes into room that was kept.</summary>
    /// <exception cref="StrakeException">Exhausted: no space.</exception>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(file, bytes, offset);
        }
        catch (IOException e)
        {
            throw StrakeException.Exhausted($"the build context does not fit on the disk: {e.Message}", e);
        }
    }

    /// <summary>One more who has it; each disposes it.</summary>
    public ContextPack Share()
    {
        Interlocked.Increment(ref shares);
        return this;
    }

    /// <summary>Reads a part.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="target">Receives it; what is beyond the end is not read.</param>
    public int Read(long offset, Span<byte> target) => RandomAccess.Read(file, target, offset);

    /// <summary>Gives the space back, when nobody has it any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref shares) == 0) file.Dispose();
    }
}
