using Strake.Linux;

namespace Strake.Images;

/// <summary>Folders that are there after a power cut.</summary>
static class DurableFolder
{
    /// <summary>Makes a folder and its parents as far as they are missing, each synced into the one above.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="mode">Their mode, less the umask.</param>
    public static void Create(string path, UnixFileMode mode = Permissions.Octal0700)
    {
        if (Directory.Exists(path)) return;
        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent is null) return;
        Create(parent, mode);
        using var handle = Syscall.Open(parent, OpenFlags.Directory);
        Syscall.TryMkdirAt(handle, PathBytes.Encode(Path.GetFileName(path)), mode);
        Syscall.FSync(handle);
    }
}
