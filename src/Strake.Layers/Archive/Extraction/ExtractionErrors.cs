using Microsoft.Win32.SafeHandles;
using Strake.Images.Tar;
using Strake.Linux;

namespace Strake.Layers.Archive.Extraction;

/// <summary>What a failed system call means to whoever sent the archive.</summary>
static class ExtractionErrors
{
    /// <summary>The error for a call that failed while an entry was made; null entry: after the last one.</summary>
    public static StrakeException Translate(LinuxException error, TarEntry? entry, SafeFileHandle root)
    {
        var subject = entry is null ? "extracting" : $"extracting {entry.DisplayName}";
        return error.Errno switch
        {
            Errno.ENOSPC or Errno.EDQUOT => NoSpace(root, subject, error),
            // Names and links of the archive's own making that the kernel does not go along with.
            Errno.ENAMETOOLONG or Errno.ELOOP or Errno.ENOTDIR or Errno.EISDIR or Errno.EINVAL or Errno.EXDEV or Errno.EMLINK or Errno.EFBIG or Errno.EEXIST =>
                StrakeException.Invalid($"{subject}: {error.Message}", error),
            Errno.EPERM or Errno.EACCES => StrakeException.PermissionDenied($"{subject}: {error.Message}", error),
            _ => StrakeException.Internal($"{subject}: {error.Message}", error),
        };
    }

    /// <summary>A fault of the entry itself, with the entry's name.</summary>
    public static StrakeException Name(StrakeException error, TarEntry entry) => new(error.Kind, $"{entry.DisplayName}: {error.Message}", error);

    /// <summary>Whether a write to a file of .NET failed for want of space.</summary>
    public static bool IsNoSpace(IOException error) =>
        error is LinuxException { Errno: Errno.ENOSPC or Errno.EDQUOT } || (error.HResult & 0xFFFF) is (int)Errno.ENOSPC or (int)Errno.EDQUOT;

    /// <summary>The error for a full file system.</summary>
    public static StrakeException NoSpace(SafeFileHandle root, string subject, Exception error)
    {
        var where = Syscall.PathOf(root);
        var stat = Syscall.StatFs(root);
        var what = stat is { Inodes: > 0, FreeInodes: 0 } ? "no space left on device: no inodes are left" : "no space left on device";
        return StrakeException.Exhausted(
            $"{subject}: {what} on the {FileSystem.NameOf(stat.Magic)} file system of {where} ({stat.AvailableBytes} of {stat.SizeBytes} bytes, {stat.FreeInodes} of {stat.Inodes} inodes free)", error);
    }
}
