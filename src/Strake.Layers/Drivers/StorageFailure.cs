using Strake.Linux;

namespace Strake.Layers;

/// <summary>What a failed system call means where layers are kept.</summary>
static class StorageFailure
{
    /// <summary>Whether a write failed because the disk, or what one may have of it, is full. .NET's own exceptions carry errno too.</summary>
    public static bool IsFull(IOException failure) => failure.HResult is (int)Errno.ENOSPC or (int)Errno.EDQUOT;

    /// <summary>The error for a call that failed in a driver.</summary>
    /// <param name="failure">What the kernel said.</param>
    /// <param name="operation">What was to be done, with the object: <c>overlay2: create layer abc</c>.</param>
    public static StrakeException From(LinuxException failure, string operation) => failure.Errno switch
    {
        Errno.ENOSPC or Errno.EDQUOT => StrakeException.Exhausted(
            $"{operation}: no space or no inodes left on the file system of {failure.Path}; free some, for instance with an image prune: {failure.Message}", failure),
        Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM => StrakeException.Exhausted($"{operation}: {failure.Message}", failure),
        Errno.EROFS or Errno.EIO => StrakeException.Unavailable($"{operation}: the file system does not take writes: {failure.Message}", failure),
        Errno.EBUSY => StrakeException.InUse($"{operation}: something is still mounted there: {failure.Message}", failure),
        Errno.ENOENT => StrakeException.DataLoss($"{operation}: a layer's directory is gone: {failure.Message}", failure),
        _ => StrakeException.Internal($"{operation}: {failure.Message}", failure),
    };

    /// <summary>Runs what a driver does, and says of a failed system call what it means.</summary>
    /// <param name="operation">What is to be done, with the object: <c>overlay2: create layer abc</c>.</param>
    /// <param name="action">The doing.</param>
    /// <exception cref="StrakeException">A system call failed; see <see cref="From"/>.</exception>
    public static void Translate(string operation, Action action)
    {
        try
        {
            action();
        }
        catch (LinuxException e)
        {
            throw From(e, operation);
        }
    }
}
