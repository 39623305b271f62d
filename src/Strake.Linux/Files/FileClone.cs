using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>Copies of single files: their content shared with the original (reflink) where the file system can, else copied, holes left out.</summary>
public static class FileClone
{
    const int ProbeBytes = 4096;

    /// <summary>Copies a regular file's content under a new name. Not synced.</summary>
    /// <param name="source">The file.</param>
    /// <param name="target">The new name; nothing has it.</param>
    /// <param name="mode">The new file's mode, less the umask.</param>
    /// <param name="cancellationToken">Stops between two pieces; what is copied by then stays.</param>
    /// <exception cref="LinuxException">The source cannot be read, or the target not made; EEXIST where something has its name.</exception>
    public static void Copy(string source, string target, UnixFileMode mode, CancellationToken cancellationToken = default)
    {
        const OpenFlags create = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
        using SafeFileHandle from = Syscall.Open(source, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        using SafeFileHandle to = Syscall.Open(target, create, mode);
        new ContentCopy().Copy(from, to, Syscall.Stat(from), cancellationToken);
    }

    /// <summary>Whether files in a directory can share their content, found out with two files that never had a name.</summary>
    /// <param name="directory">The directory; must be writable.</param>
    /// <exception cref="LinuxException">No file can be made there.</exception>
    public static bool IsPossibleIn(string directory)
    {
        const OpenFlags nameless = OpenFlags.ReadWrite | OpenFlags.Nameless;
        using SafeFileHandle one = Syscall.Open(directory, nameless, Permissions.Octal0600);
        using SafeFileHandle other = Syscall.Open(directory, nameless, Permissions.Octal0600);
        RandomAccess.Write(one, new byte[ProbeBytes], 0);
        return Syscall.TryClone(one, other);
    }
}
