using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// Files that are there whole or not at all, also after a power cut: temporary file in the same directory, fsync, rename, fsync of the directory.
/// A crash in between leaves a temporary file, which <see cref="IsTemporary"/> tells.
/// </summary>
public static class DurableFile
{
    const string Mark = ".strake-tmp-";

    /// <summary>Writes a file or replaces it. On return it is on disk under its name.</summary>
    /// <param name="path">Where; its directory exists. A link there is replaced, not followed.</param>
    /// <param name="content">All of the content.</param>
    /// <param name="mode">Exactly its mode; the umask does not matter.</param>
    /// <exception cref="IOException">It cannot be written (<see cref="LinuxException"/> for the most part); what was there is as before.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var full = Path.GetFullPath(path);
        using var directory = Syscall.Open(Path.GetDirectoryName(full) ?? "/", OpenFlags.Directory);
        Write(directory, Path.GetFileName(full), content, mode);
    }

    /// <summary>As <see cref="Write(string, ReadOnlySpan{byte}, UnixFileMode)"/>, in an opened directory (not O_PATH: it is synced).</summary>
    /// <exception cref="IOException">It cannot be written; what was there is as before.</exception>
    public static void Write(SafeFileHandle directory, string name, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var temporary = Mark + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        try
        {
            WriteNew(directory, temporary, content, mode);
            Syscall.RenameAt(directory, temporary, directory, name);
        }
        catch
        {
            // Whether that works or not: the first failure is the one to tell.
            _ = Syscall.UnlinkAtRaw(directory, PathBytes.Encode(temporary), AtFlags.None);
            throw;
        }

        Syscall.FSync(directory);
    }

    /// <summary>Removes a file for good: unlink, fsync of the directory. One that is not there is fine.</summary>
    /// <exception cref="LinuxException">It cannot be removed.</exception>
    public static void Remove(string path)
    {
        var full = Path.GetFullPath(path);
        using var directory = Syscall.TryOpen(Path.GetDirectoryName(full) ?? "/", OpenFlags.Directory);
        if (directory is not null && Syscall.TryUnlinkAt(directory, Path.GetFileName(full)))
            Syscall.FSync(directory);
    }

    /// <summary>Whether a name in a directory is what a crash left of a write; such a file can be removed.</summary>
    public static bool IsTemporary(string name) => name.StartsWith(Mark, StringComparison.Ordinal);

    static void WriteNew(SafeFileHandle directory, string name, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        const OpenFlags flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
        using var file = Syscall.OpenAt(directory, name, flags, Permissions.Octal0600);
        RandomAccess.Write(file, content, 0);
        Syscall.Chmod(file, mode);
        Syscall.FSync(file);
    }
}
