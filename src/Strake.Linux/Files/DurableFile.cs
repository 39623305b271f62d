using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// Files that are there whole or not at all, also after a power cut: temporary file in the same directory, fsync, rename, fsync of the directory.
/// A crash in between leaves a temporary file, which <see cref="IsTemporary"/> tells.
/// </summary>
/// <remarks>
/// fsync is the system call's, and every error of it is told: <c>FileStream.Flush(true)</c> takes some for success, such as that of a file system that
/// an error of its disk has made read-only (EROFS).
/// </remarks>
public static class DurableFile
{
    const string Mark = ".strake-tmp-";

    /// <summary>Writes a file or replaces it. On return it is on disk under its name.</summary>
    /// <param name="path">Where; its directory exists. A link there is replaced, not followed.</param>
    /// <param name="content">All of the content.</param>
    /// <param name="mode">Exactly its mode; null: as the umask says.</param>
    /// <exception cref="IOException">It cannot be written (<see cref="LinuxException"/> for the most part); what was there is as before.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode)
    {
        var full = Path.GetFullPath(path);
        using var directory = Syscall.Open(Path.GetDirectoryName(full) ?? "/", OpenFlags.Directory);
        Write(directory, Path.GetFileName(full), content, mode);
    }

    /// <summary>As <see cref="Write(string, ReadOnlySpan{byte}, UnixFileMode?)"/>, in an opened directory (not O_PATH: it is synced).</summary>
    /// <exception cref="IOException">It cannot be written; what was there is as before.</exception>
    public static void Write(SafeFileHandle directory, string name, ReadOnlySpan<byte> content, UnixFileMode? mode)
    {
        Replace(directory, name, content, mode, isSynced: true);
        Syscall.FSync(directory);
    }

    /// <summary>
    /// Writes a file or replaces it, whole or not at all for whoever reads it and for a kill, but not for a power cut: that may leave it empty, or
    /// without its name. For what can be written again from elsewhere; <see cref="Sync"/> makes it last.
    /// </summary>
    /// <param name="directory">Its directory.</param>
    /// <param name="name">Its name there. A link is replaced, not followed.</param>
    /// <param name="content">All of the content.</param>
    /// <param name="mode">Exactly its mode; null: as the umask says.</param>
    /// <exception cref="IOException">It cannot be written; what was there is as before.</exception>
    public static void WriteUnsynced(SafeFileHandle directory, string name, ReadOnlySpan<byte> content, UnixFileMode? mode) =>
        Replace(directory, name, content, mode, isSynced: false);

    /// <summary>Makes a file that was written by <see cref="WriteUnsynced"/> last, its name included.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It is not there, or cannot be written.</exception>
    public static void Sync(string path)
    {
        using (var file = Syscall.Open(path, OpenFlags.ReadOnly | OpenFlags.NoFollow))
            Syscall.FSync(file);
        using var directory = Syscall.Open(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", OpenFlags.Directory);
        Syscall.FSync(directory);
    }

    /// <summary>
    /// Gives a file that was written piece by piece, under another name, its own: what is there is replaced. On return it is on disk under its name.
    /// </summary>
    /// <param name="written">The file, on the same file system; what its buffer holds is written first. Stays the caller's, with the name that it had.</param>
    /// <param name="path">Its name; the directory exists.</param>
    /// <exception cref="IOException">It cannot be done; what was there is as before, unless its directory alone could not be synced.</exception>
    public static void Place(FileStream written, string path)
    {
        var full = Path.GetFullPath(path);
        using var directory = Syscall.Open(Path.GetDirectoryName(full) ?? "/", OpenFlags.Directory);
        written.Flush();
        Syscall.FSync(written.SafeFileHandle);
        Syscall.RenameAt(Syscall.WorkingDirectory, written.Name, directory, Path.GetFileName(full));
        Syscall.FSync(directory);
    }

    /// <summary>A name for a file that is to be placed, which <see cref="IsTemporary"/> tells.</summary>
    public static string NewTemporaryName() => Mark + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

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

    static void Replace(SafeFileHandle directory, string name, ReadOnlySpan<byte> content, UnixFileMode? mode, bool isSynced)
    {
        var temporary = NewTemporaryName();
        try
        {
            WriteNew(directory, temporary, content, mode, isSynced);
            Syscall.RenameAt(directory, temporary, directory, name);
        }
        catch
        {
            // Whether that works or not: the first failure is the one to tell.
            _ = Syscall.UnlinkAtRaw(directory, PathBytes.Encode(temporary), AtFlags.None);
            throw;
        }
    }

    static void WriteNew(SafeFileHandle directory, string name, ReadOnlySpan<byte> content, UnixFileMode? mode, bool isSynced)
    {
        const OpenFlags flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
        using var file = Syscall.OpenAt(directory, name, flags, mode is null ? Permissions.Octal0666 : Permissions.Octal0600);
        RandomAccess.Write(file, content, 0);
        if (mode is { } exactly)
            Syscall.Chmod(file, exactly);
        if (isSynced)
            Syscall.FSync(file);
    }
}
