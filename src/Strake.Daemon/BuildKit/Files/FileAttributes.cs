using Strake.Linux;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>Extended attributes of files that a client sends.</summary>
static class FileAttributes
{
    /// <summary>Sets one. What would steer an overlay is left out, and so is what the file system does not keep or the daemon may not set.</summary>
    /// <param name="name">The name without a NUL.</param>
    /// <param name="set">Sets it; is given the name with its NUL.</param>
    public static void Set(byte[] name, Action<byte[]> set)
    {
        if (name.AsSpan().StartsWith("trusted.overlay."u8) || name.AsSpan().StartsWith("user.overlay."u8)) return;
        try
        {
            set(PathBytes.Terminate(name));
        }
        catch (LinuxException e) when (e.Errno is Errno.EOPNOTSUPP or Errno.EPERM or Errno.EINVAL)
        {
            // As BuildKit: a label of the client's system means nothing here.
        }
    }
}
