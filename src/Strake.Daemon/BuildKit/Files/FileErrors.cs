using Strake.Linux;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>What a failed system call means to a client that sends files.</summary>
static class FileErrors
{
    /// <summary>The error of a file; without an entry, of the directory that all lie in.</summary>
    public static StrakeException Of(FileEntry? entry, LinuxException error)
    {
        string message = $"the client's file {entry?.DisplayPath ?? "."} cannot be kept: {error.Message}";
        return error.Errno switch
        {
            Errno.ENOSPC or Errno.EDQUOT or Errno.EMFILE or Errno.ENFILE => StrakeException.Exhausted(message, error),
            Errno.EFBIG => StrakeException.TooLarge(message, error),
            Errno.EPERM or Errno.EACCES => StrakeException.PermissionDenied(message, error),
            Errno.ENAMETOOLONG or Errno.EINVAL or Errno.ELOOP or Errno.EILSEQ => StrakeException.Invalid(message, error),
            _ => StrakeException.Internal(message, error),
        };
    }
}
