using Strake.Linux;

namespace Strake.Kubernetes.Pods.Volumes;

/// <summary>Volumes that are files or directories of the node: what their type asks for is made or checked.</summary>
/// <remarks>The types of <c>hostPath.type</c>: empty, DirectoryOrCreate, Directory, FileOrCreate, File, Socket, CharDevice, BlockDevice.</remarks>
static class HostPaths
{
    /// <summary>Sees to it that the path is what its type says.</summary>
    /// <param name="path">The path on the node.</param>
    /// <param name="type">The type; empty: whatever it is.</param>
    /// <exception cref="StrakeException">Invalid: it is not; in Kubernetes' words.</exception>
    public static void Check(string path, string type)
    {
        FileKind? kind = KindOf(path);
        switch (type)
        {
            // Nothing is asked; who starts the container makes a directory of what is missing.
            case "":
                if (kind is null) Directory.CreateDirectory(path, Permissions.Octal0755);
                break;
            case "DirectoryOrCreate":
                if (kind is null) Directory.CreateDirectory(path, Permissions.Octal0755);
                else Require(kind is FileKind.Directory, path, "a directory");
                break;
            case "Directory":
                Require(kind is FileKind.Directory, path, "a directory");
                break;
            case "FileOrCreate":
                if (kind is null) MakeFile(path);
                else Require(kind is FileKind.Regular, path, "a file");
                break;
            case "File":
                Require(kind is FileKind.Regular, path, "a file");
                break;
            case "Socket":
                Require(kind is FileKind.Socket, path, "a socket file");
                break;
            case "CharDevice":
                Require(kind is FileKind.CharacterDevice, path, "a character device");
                break;
            case "BlockDevice":
                Require(kind is FileKind.BlockDevice, path, "a block device");
                break;
            default:
                throw StrakeException.Invalid($"{type} is an invalid volume type");
        }
    }

    static void Require(bool holds, string path, string what)
    {
        if (!holds) throw StrakeException.Invalid($"hostPath type check failed: {path} is not {what}");
    }

    static FileKind? KindOf(string path) => Syscall.TryStatAt(Syscall.WorkingDirectory, path, out FileStat stat, AtFlags.None) ? stat.Kind : null;

    // The directory above is not made, as in Kubernetes.
    static void MakeFile(string path)
    {
        try
        {
            Syscall.Open(path, OpenFlags.WriteOnly | OpenFlags.Create, Permissions.Octal0644).Dispose();
        }
        catch (LinuxException e)
        {
            throw StrakeException.Invalid($"hostPath type check failed: {path} cannot be made: {e.Message}", e);
        }
    }
}
