namespace Strake.Linux.Tests;

/// <summary>The descriptors of this process, by what they are open on; other tests run beside this one, so only some are of interest.</summary>
static class OpenDescriptors
{
    public static int Count(string target) =>
        Directory.GetFileSystemEntries("/proc/self/fd").Select(Target).Count(link => link.StartsWith(target, StringComparison.Ordinal));

    static string Target(string path)
    {
        try
        {
            return PathBytes.Decode(Syscall.TryReadLinkAt(Syscall.WorkingDirectory, PathBytes.Encode(path)));
        }
        catch (LinuxException e) when (e.Errno == Errno.ENAMETOOLONG)
        {
            // Of a test that goes very deep.
            return "";
        }
    }
}
