using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>
/// A volume's content, opened: what fills it works below this handle and cannot be led elsewhere. A copy is made beside the content and moved
/// in when it is whole and on disk, name by name, and never over a name that is there: whoever else has the volume may write to it at any
/// time, and what they write is nobody's to remove.
/// </summary>
/// <remarks>
/// <code>
/// &lt;staging&gt;          a copy that is being made; after a kill it is thrown away
/// &lt;staging&gt;.whole    a copy that is whole; after a kill its move into the content goes on
/// </code>
/// </remarks>
sealed class VolumeContent : IDisposable
{
    /// <summary>
    /// The name of a copy that is made in the content itself, where there is no place beside it: a file system of its own, or one whose driver
    /// is somebody else's. Its users see it for as long as the copy takes; it is not counted as content.
    /// </summary>
    public const string StagingInside = ".strake-filling";

    static readonly byte[] s_stagingInside = System.Text.Encoding.ASCII.GetBytes(StagingInside);

    readonly SafeFileHandle directory;
    readonly bool isStagedInside;
    readonly string path;
    readonly string staging;
    readonly string whole;

    VolumeContent(SafeFileHandle directory, string path, string staging)
    {
        this.directory = directory;
        this.path = path;
        this.staging = staging;
        isStagedInside = Path.GetFileName(staging) == StagingInside;
        whole = staging + ".whole";
    }

    /// <summary>Opens the directory at which a driver has mounted a volume.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="staging">Where a copy is made: see <see cref="IVolumeDriver.StagingOf"/>.</param>
    public static VolumeContent Open(string path, string staging) =>
        new(Syscall.Open(path, OpenFlags.Directory | OpenFlags.NoFollow), path, staging);

    /// <summary>Whether there is nothing in it, but for a copy on its way in.</summary>
    public bool IsEmpty()
    {
        using SafeFileHandle own = Reopen(directory);
        using var reader = new DirectoryReader(own);
        while (reader.Read())
        {
            if (!isStagedInside || !reader.Name.StartsWith(s_stagingInside))
                return false;
        }

        return true;
    }

    /// <summary>Whether there is nothing in a directory.</summary>
    public static bool IsEmpty(SafeFileHandle directory)
    {
        using SafeFileHandle own = Reopen(directory);
        using var reader = new DirectoryReader(own);
        return !reader.Read();
    }

    /// <summary>Copies a directory's content, owner, mode and times into the empty volume; what it returns from is on disk.</summary>
    /// <returns>False when somebody has written to the volume since: it stays as it is then.</returns>
    /// <exception cref="StrakeException">Exhausted: no space or no inodes left. Invalid: the source cannot be copied.</exception>
    public bool FillFrom(SafeFileHandle source)
    {
        try
        {
            if (IsEmpty(source))
            {
                CopyMetadata(source);
                return true;
            }

            Stage(source);
            FaultPoint.Reach("volume.fill.staged");
            if (!IsEmpty())
            {
                TreeRemoval.Remove(whole);
                return false;
            }

            Place();
            return true;
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

    /// <summary>Ends a filling that was cut short: throws a half copy away, and moves a whole one in. Idempotent.</summary>
    public void Settle()
    {
        TreeRemoval.Remove(staging);
        if (Exists(whole))
            Place();
    }

    /// <summary>Closes the directory.</summary>
    public void Dispose() => directory.Dispose();

    void Stage(SafeFileHandle source)
    {
        TreeRemoval.Remove(staging);
        TreeRemoval.Remove(whole);
        Syscall.MkdirAt(Syscall.WorkingDirectory, staging, Permissions.Octal0700);
        using SafeFileHandle copy = Syscall.Open(staging, OpenFlags.Directory | OpenFlags.NoFollow);
        TreeCopy.Copy(source, copy);
        FaultPoint.Reach("volume.fill.copied");

        // The name that says that the copy is whole must not be on disk before the copy is.
        Syscall.SyncFs(copy);
        Syscall.RenameAt(Syscall.WorkingDirectory, staging, Syscall.WorkingDirectory, whole);
    }

    void Place()
    {
        using SafeFileHandle copy = Syscall.Open(whole, OpenFlags.Directory | OpenFlags.NoFollow);
        FileStat stat = Syscall.Stat(copy);
        foreach (byte[] name in NamesIn(copy))
        {
            MoveIn(copy, name);
            FaultPoint.Reach("volume.fill.moved");
        }

        CopyMetadata(copy);
        // Moving names changed both directories' times.
        Syscall.Utimens(directory, stat.AccessTime, stat.ModifyTime);
        Syscall.SyncFs(directory);
        TreeRemoval.Remove(whole);
    }

    // Who was first with a name keeps it.
    void MoveIn(SafeFileHandle copy, byte[] name)
    {
        try
        {
            Syscall.RenameAt(copy, name, directory, name, RenameFlags.NoReplace);
        }
        catch (LinuxException taken) when (taken.Errno is Errno.EEXIST)
        {
            TreeRemoval.Remove(copy, name);
        }
        catch (LinuxException unknown) when (unknown.Errno is Errno.EINVAL)
        {
            // Observed: file systems of FUSE that know no flags of renameat2. Who comes with the name right now loses it.
            if (Syscall.TryStatAt(directory, name, out _, AtFlags.SymlinkNoFollow, StatFields.Kind))
                TreeRemoval.Remove(copy, name);
            else
                Syscall.RenameAt(copy, name, directory, name);
        }
    }

    // Of a directory that is empty, a copy is its metadata.
    void CopyMetadata(SafeFileHandle source)
    {
        using SafeFileHandle from = Reopen(source);
        using SafeFileHandle own = Reopen(directory);
        TreeCopy.Copy(from, own);
    }

    static bool Exists(string path) =>
        Syscall.TryStatAt(Syscall.WorkingDirectory, path, out _, AtFlags.SymlinkNoFollow, StatFields.Kind);

    // A directory's reading position belongs to the open file: each use gets its own.
    static SafeFileHandle Reopen(SafeFileHandle directory) => Syscall.OpenAt(directory, ".", OpenFlags.Directory);

    static List<byte[]> NamesIn(SafeFileHandle directory)
    {
        using SafeFileHandle own = Reopen(directory);
        var names = new List<byte[]>();
        using var reader = new DirectoryReader(own);
        while (reader.Read())
            names.Add(reader.NameWithNul.ToArray());
        return names;
    }
}
