using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Mounts;

/// <summary>
/// Opens a place inside a volume or an image whose content is somebody else's. The kernel resolves the path in one step and
/// refuses to leave the base; what was opened stays what it is, whatever the content's owner puts in its place before it is mounted.
/// </summary>
/// <remarks>
/// The races that this closes: CVE-2017-1002101 and CVE-2021-25741 (a checked path that is swapped for a link before the mount).
/// Links are followed as long as they stay inside; an absolute one is taken for what it says, and so leads out.
/// </remarks>
static class Subpath
{
    /// <summary>Opens the place, as O_PATH: for looking at its kind and for mounting it. The caller disposes the handle.</summary>
    /// <param name="baseDirectory">The volume's or image's root on the host.</param>
    /// <param name="subpath">A relative path.</param>
    /// <exception cref="StrakeException">In Docker's words. NotFound: there is nothing. Invalid: it leads out, or through what is no directory.</exception>
    public static SafeFileHandle Open(string baseDirectory, string subpath)
    {
        using SafeFileHandle root = Syscall.Open(baseDirectory, OpenFlags.Path | OpenFlags.Directory);
        try
        {
            return Syscall.OpenAt2(root, subpath, OpenFlags.Path, ResolveFlags.Beneath | ResolveFlags.NoMagicLinks);
        }
        catch (LinuxException e)
        {
            throw Refusal(root, baseDirectory, subpath, e);
        }
    }

    static StrakeException Refusal(SafeFileHandle root, string baseDirectory, string subpath, LinuxException e) => e.Errno switch
    {
        Errno.ENOENT => StrakeException.NotFound(
            $"cannot access path {baseDirectory}/{subpath}: lstat {baseDirectory}/{FirstMissing(root, subpath)}: no such file or directory", e),
        Errno.EXDEV => StrakeException.Invalid($"path concatenation escapes the base directory, base: {baseDirectory}, subpath: {subpath}", e),
        Errno.ENOTDIR => StrakeException.Invalid($"error while resolving symlinks in combined path \"{baseDirectory}/{subpath}\": not a directory", e),
        Errno.ELOOP => StrakeException.Invalid($"error while resolving symlinks in combined path \"{baseDirectory}/{subpath}\": EvalSymlinks: too many links", e),
        _ => StrakeException.Internal($"cannot access path {baseDirectory}/{subpath}: {e.Message}", e),
    };

    // For the message alone: what is there may have changed since.
    static string FirstMissing(SafeFileHandle root, string subpath)
    {
        for (int end = subpath.IndexOf('/', StringComparison.Ordinal); end > 0; end = subpath.IndexOf('/', end + 1))
        {
            using SafeFileHandle? there = TryOpen(root, subpath[..end]);
            if (there is null)
                return subpath[..end];
        }

        return subpath;
    }

    static SafeFileHandle? TryOpen(SafeFileHandle root, string subpath)
    {
        try
        {
            return Syscall.TryOpenAt2(root, PathBytes.Encode(subpath), OpenFlags.Path, ResolveFlags.Beneath | ResolveFlags.NoMagicLinks);
        }
        catch (LinuxException)
        {
            // Observed: it was a link out or a loop when it was looked at, while the whole path lacked something. It is not missing.
            return Syscall.OpenAt(root, ".", OpenFlags.Path);
        }
    }
}
