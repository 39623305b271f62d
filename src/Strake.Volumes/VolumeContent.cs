using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>A volume's content, opened: what fills and empties it works below this handle and cannot be led elsewhere.</summary>
sealed class VolumeContent : IDisposable
{
    readonly SafeFileHandle directory;
    readonly string path;

    VolumeContent(SafeFileHandle directory, string path)
    {
        this.directory = directory;
        this.path = path;
    }

    /// <summary>Opens the directory at which a driver has mounted a volume.</summary>
    public static VolumeContent Open(string path) => new(Syscall.Open(path, OpenFlags.Directory | OpenFlags.NoFollow), path);

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty() => IsEmpty(directory);

    /// <summary>Whether there is nothing in a directory.</summary>
    public static bool IsEmpty(SafeFileHandle directory)
    {
        using SafeFileHandle own = Reopen(directory);
        using var reader = new DirectoryReader(own);
        return !reader.Read();
    }

    /// <summary>Copies a directory's content, owner, mode and times into the empty volume, and waits until it is on disk.</summary>
    /// <exception cref="StrakeException">Exhausted: no space or no inodes left. Invalid: the source cannot be copied.</exception>
    public void CopyFrom(SafeFileHandle source)
    {
        try
        {
            using SafeFileHandle own = Reopen(directory);
            TreeCopyReport report = TreeCopy.Copy(source, own);

            // The record that says the volume is filled must not be older than what it says; an empty copy says nothing.
            if (report.Directories + report.Files + report.Others > 1)
                Syscall.SyncFs(own);
        }
        catch (LinuxException full) when (full.Errno is Errno.ENOSPC or Errno.EDQUOT)
        {
            throw StrakeException.Exhausted($"filling the volume at {path} from the image: {full.Message}; free space there, or mount it with nocopy", full);
        }
        catch (LinuxException failed)
        {
            throw StrakeException.Invalid($"filling the volume at {path} from the image: {failed.Message}", failed);
        }
    }

    /// <summary>Removes everything in it, and waits until that is on disk: the record that follows says that the volume is empty. Idempotent.</summary>
    public void Clear()
    {
        using SafeFileHandle own = Reopen(directory);
        foreach (byte[] name in NamesIn(own))
            TreeRemoval.Remove(own, name);
        Syscall.FSync(own);
    }

    /// <summary>Closes the directory.</summary>
    public void Dispose() => directory.Dispose();

    // A directory's reading position belongs to the open file: each use gets its own.
    static SafeFileHandle Reopen(SafeFileHandle directory) => Syscall.OpenAt(directory, ".", OpenFlags.Directory);

    static List<byte[]> NamesIn(SafeFileHandle directory)
    {
        var names = new List<byte[]>();
        using var reader = new DirectoryReader(directory);
        while (reader.Read())
            names.Add(reader.NameWithNul.ToArray());
        return names;
    }
}
