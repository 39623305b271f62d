using Strake.Linux;

namespace Strake.Images;

/// <summary>Folders that are there after a power cut.</summary>
static class DurableFolder
{
    /// <summary>Makes a folder and its parents as far as they are missing, mode 0700, each synced into the one above.</summary>
    public static void Create(string path)
    {
        if (Directory.Exists(path)) return;
        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent is null) return;
        Create(parent);
        using var handle = Syscall.Open(parent, OpenFlags.Directory);
        Syscall.TryMkdirAt(handle, PathBytes.Encode(Path.GetFileName(path)), Permissions.Octal0700);
        Syscall.FSync(handle);
    }
}
