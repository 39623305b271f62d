using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Kubernetes.Pods.Volumes;

/// <summary>Gives the files of a volume to a group (fsGroup): the group owns them, may read and write them, and owns what is made among them.</summary>
/// <remarks>Rules: <c>pkg/volume/volume_linux.go</c>. Links are changed themselves and not followed.</remarks>
static class FileGroups
{
    const UnixFileMode Writable = Permissions.Octal0660;
    const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead;
    const UnixFileMode Enterable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.SetGroup;

    /// <summary>Gives all files at and below a path.</summary>
    /// <param name="path">The volume's path.</param>
    /// <param name="gid">The group.</param>
    /// <param name="readOnly">Whether the group may only read.</param>
    public static void Set(string path, uint gid, bool readOnly)
    {
        using SafeFileHandle top = Syscall.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        SetTree(top, gid, readOnly);
    }

    /// <summary>Whether the volume's root has the group and its rights already: with the policy OnRootMismatch that is enough.</summary>
    /// <param name="path">The volume's path.</param>
    /// <param name="gid">The group.</param>
    /// <param name="readOnly">Whether the group may only read.</param>
    public static bool Has(string path, uint gid, bool readOnly)
    {
        FileStat stat = Syscall.StatAt(Syscall.WorkingDirectory, path);
        UnixFileMode wanted = (readOnly ? Readable : Writable) | Enterable;
        return stat.Gid == gid && (stat.Mode & wanted) == wanted;
    }

    static void SetTree(SafeFileHandle directory, uint gid, bool readOnly)
    {
        using (var reader = new DirectoryReader(directory))
        {
            while (reader.Read())
            {
                if (reader.Name is [(byte)'.'] or [(byte)'.', (byte)'.']) continue;
                byte[] name = reader.NameWithNul.ToArray();
                FileStat stat = Syscall.StatAt(directory, name, AtFlags.SymlinkNoFollow);
                if (stat.Kind is FileKind.Directory)
                {
                    using SafeFileHandle below = Syscall.OpenAt(directory, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
                    SetTree(below, gid, readOnly);
                    continue;
                }

                Syscall.ChownAt(directory, name, Syscall.KeepOwner, gid, AtFlags.SymlinkNoFollow);
                if (stat.Kind is not FileKind.SymbolicLink) Syscall.ChmodAt(directory, name, stat.Mode | (readOnly ? Readable : Writable));
            }
        }

        // The directory last: as long as it is not, a walk that was cut short is begun anew.
        FileStat own = Syscall.Stat(directory);
        Syscall.Chown(directory, Syscall.KeepOwner, gid);
        Syscall.Chmod(directory, own.Mode | (readOnly ? Readable : Writable) | Enterable);
    }
}
